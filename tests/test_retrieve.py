"""The order of the hits: both searches, and what the features add to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from store_samples import DIMENSION, IDENTITY, article, vector

from rag.answer.find import features
from rag.answer.find.retrieve import rank, retrieve
from rag.store.embedded import EmbeddedStore, open_store
from rag.types import ArticleDate, Hit, Query

NOWHERE = np.eye(DIMENSION, dtype=np.float32)[0] * 0  # a vector that favours nothing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with open_store(tmp_path / "index", create=True, **IDENTITY) as opened:
        yield opened


def put(store: EmbeddedStore, **texts: str | list[str]) -> None:
    for name, text in texts.items():
        store.put(*article(name, [[text] if isinstance(text, str) else text]))


def search(store: EmbeddedStore, text: str, like: str = "", *, today: date | None = None, k: int = 9) -> list[Hit]:
    near = vector(like) if like else NOWHERE
    return retrieve(Query(text, text, today), near, store, k=k, candidates=50)


def names(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def test_a_passage_that_both_searches_bring_comes_first(store: EmbeddedStore) -> None:
    put(
        store,
        words="银杏栽在城北公园的东门。",
        sense="这里说的是别的事情。",
        both="城北公园栽了银杏。",
        none="造船订单很多。",
    )
    hits = search(store, "城北公园的银杏", like="城北公园栽了银杏。")
    assert names(hits)[0] == "both" and names(hits)[-1] in ("sense", "none")
    best = hits[0]
    assert (best.dense_rank, best.lexical_rank) == (1, 1)
    assert best.dense_score == pytest.approx(1, abs=1e-5) and best.best_window == best.passage.windows[0]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert best.worded > hits[-1].worded and best.timely is None


def test_a_hit_says_whether_its_time_agrees(store: EmbeddedStore) -> None:
    put(store, then="2019年3月24日，白水镇新桥通车。", later="2021年5月1日，白水镇新桥通车。")
    hits = search(store, "2019年3月白水镇哪座桥通车")
    found = {name: hit.timely for name, hit in zip(names(hits), hits, strict=True)}
    assert (found["then"] or 0) > 0 > (found["later"] or 0)


def test_words_in_one_window_beat_words_far_apart(store: EmbeddedStore) -> None:
    near = ["粮仓说的是粮食。", "白水镇的新桥全长八百米。", "镇上有人来过。"]
    far = ["白水镇有粮仓。", "镇上有人来过。", "别处的新桥很新。", "还说到全长八百米。"]
    put(store, far=far, near=near)
    assert names(search(store, "白水镇新桥全长"))[0] == "near"


def test_the_day_that_is_asked_for_beats_another_day(store: EmbeddedStore) -> None:
    put(
        store,
        a="2020年11月5日,上海的轨交线获批西延伸段。",
        b="2022年11月5日,上海的轨交线获批西延伸段。",
        c="上海的轨交线获批西延伸段,没有说是哪天。",
    )
    question = "四年前11月上海获批了哪条轨交线的西延伸段？"
    assert names(search(store, question, today=date(2024, 11, 12)))[0] == "a"
    assert names(search(store, question, today=date(2026, 11, 12)))[0] == "b"
    assert names(search(store, question, today=date(2030, 11, 12)))[0] == "c"


def test_the_date_of_an_article_dates_passages_that_name_no_day(store: EmbeddedStore) -> None:
    for name, year in (("old", 2019), ("new", 2023)):
        store.put(*article(name, [["沪指收盘上涨。"]], when=ArticleDate(date(year, 4, 26), "day", "")))
    for year, expected in ((2019, "old"), (2023, "new")):
        assert names(search(store, f"{year}年4月26日沪指收盘如何"))[0] == expected


def test_a_question_without_a_shared_word_is_left_to_its_vector(store: EmbeddedStore) -> None:
    put(store, a="银杏栽在公园。", b="造船订单很多。", c="粮仓修好了。")
    assert names(search(store, "What about ships?", like="造船订单很多。"))[0] == "b"


def test_traditional_and_simplified_questions_find_the_same(store: EmbeddedStore) -> None:
    put(store, a="臺北的資訊產業在1980年代起飛。", b="捷運每日載客二百萬人次。", c="夜市很熱鬧。")
    for question in ("资讯产业何时起飞", "資訊產業何時起飛"):
        hits = search(store, question)
        assert names(hits)[0] == "a"
    one, other = (search(store, question)[0].score for question in ("资讯产业何时起飞", "資訊產業何時起飛"))
    assert one == pytest.approx(other)


def test_near_duplicates_come_only_where_nothing_else_is_left(store: EmbeddedStore) -> None:
    text = "白水镇修了一座新桥，全长八百米，桥面有四条车道，镇上的人都来看，第一天就走了三万人。"
    put(store, first=text, again=text, other="新桥的消息传到了城里。")
    assert set(names(search(store, "白水镇新桥", k=2))) == {"other", names(search(store, "白水镇新桥", k=1))[0]}
    assert len(search(store, "白水镇新桥", k=3)) == 3


def test_a_near_duplicate_is_among_the_last_for_it_may_be_a_correction(store: EmbeddedStore) -> None:
    text = (
        "白水镇修了一座新桥，全长八百米，桥面有四条车道，镇上的人都来看，第一天就走了三万人，镇长李四在桥头讲了话。"
        + ("桥下是白水河，河里有鱼，岸上有柳树，老人们每天早上来散步，孩子们放学以后来钓鱼。")
    )
    others = {f"other{n}": f"新桥的消息传到了城里，第{n}天城里人也来看。" for n in "一二三四五"}
    put(store, first=text, mended=text.replace("李四", "王五"), copy=text, **others)
    found = names(search(store, "白水镇新桥", k=4))
    assert len({"first", "copy"} & set(found)) == 1
    assert found[3] == "mended" or (found[3] in ("first", "copy") and found[0] == "mended")


def test_every_candidate_has_all_its_features(store: EmbeddedStore) -> None:
    put(store, **{f"d{n}": f"第{n}座桥长{n}米。" for n in range(9)})
    query = Query("第3座桥多长", "第3座桥多长")
    ranked = rank(query, vector("第3座桥长3米。"), store, candidates=4)
    dense, lexical = store.search_dense(vector("第3座桥长3米。"), 4), store.search_lexical("第3座桥多长", 4)
    found = [each.passage for each in ranked]
    rows = features.features(query, vector("第3座桥长3米。"), found, dense, lexical, store, []).rows
    assert rows.shape == (len(ranked), len(features.WEIGHTS)) and np.isfinite(rows).all()
    cosines = [float((store.window_vectors([each.passage.id])[0] @ vector("第3座桥长3米。")).max()) for each in ranked]
    np.testing.assert_allclose(rows[:, 0], cosines, atol=1e-5)
    assert ((rows[:, 2] >= 0) & (rows[:, 2] <= 1)).all()


@pytest.mark.parametrize("question", ["？？？", "的", "什么", "a", "桥"])
def test_a_question_of_hardly_any_words_is_searched(store: EmbeddedStore, question: str) -> None:
    put(store, a="桥修好了。", b="粮仓修好了。")
    assert len(search(store, question)) == 2


def test_a_question_about_two_things_wants_a_passage_of_each(store: EmbeddedStore) -> None:
    put(
        store,
        a="白水镇的新桥上周通车了，全长八百米。",
        b="白水镇新桥通车，镇上的人都来看热闹。",
        c="白水镇里新桥今日正式通车。",
        d="城北公园栽下三千株银杏。",
    )
    assert set(names(search(store, "白水镇新桥通车和城北公园栽银杏哪个早", k=2))) >= {"d"}


def test_the_day_of_one_event_finds_the_other(store: EmbeddedStore) -> None:
    put(store, event="2019年3月24日，白水镇新桥通车。", same="2019年3月24日，沪指收盘上涨。")
    put(store, **{f"d{n}": f"2019年{1 + n % 12}月{1 + n}日，沪指收盘下跌。" for n in range(20)})
    for question in ("白水镇新桥通车当天，沪指收盘如何", "白水鎮新橋通車當天，滬指收盤如何"):
        assert set(names(search(store, question, k=2))) == {"event", "same"}


def test_an_empty_index_has_no_hits(store: EmbeddedStore) -> None:
    assert search(store, "桥") == []
