"""The whole way, with the real embedding model and real stores; no language model but where a test says so."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from small import small_youju

from rag.answer.find.langchain import YoujuRetriever
from rag.errors import IndexMissing, ModelCallFailed, QuestionError
from rag.models.embedder import open_embedder
from rag.models.llm import ChatModel
from rag.pipeline import Youju
from rag.settings import Settings, load_settings
from rag.store.base import Filters
from rag.types import Finished, Found, Progress, Turn, Understood, Verdict, Waiting, Wrote

pytestmark = pytest.mark.model
HEADLINE = "扬州2025年工业开票目标是多少"
TODAY = date(2024, 3, 20)


def chosen(folder: Path, **flags: object) -> Settings:
    return load_settings({"index": folder, "llm.provider": "none"} | flags, environ={})


@pytest.fixture(scope="module")
def youju(seeds_index: Path) -> Iterator[Youju]:
    with Youju.open(chosen(seeds_index)) as opened:
        yield opened


def test_events_come_in_order(youju: Youju) -> None:
    events = [event for event in youju.stream(HEADLINE, today=TODAY) if not isinstance(event, Waiting)]
    assert [type(event) for event in events] == [Understood, Found, Finished]
    found = events[1]
    assert isinstance(found, Found)
    assert [item.marker for item in found.evidence] == list(range(1, len(found.evidence) + 1))


def test_every_citation_is_exact_and_lies_in_a_hit(youju: Youju) -> None:
    answer = youju.ask(HEADLINE, today=TODAY)
    assert not answer.refused
    assert answer.citations
    assert "万亿" in answer.text
    for citation in answer.citations:
        document = youju.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        raw = document.source[citation.source.start : citation.source.end]
        assert "".join(raw.split()) == "".join(citation.quote.split())
        assert any(
            hit.passage.document_id == citation.document_id
            and hit.passage.start <= citation.start
            and citation.end <= hit.passage.end
            for hit in answer.hits
        )


def test_without_a_model_the_answer_says_so(youju: Youju) -> None:
    answer = youju.ask(HEADLINE, today=TODAY)
    assert answer.model == ""
    assert "没有语言模型" in answer.note
    assert all(sentence.verdict is Verdict.SUPPORTED for sentence in answer.sentences)
    assert answer.timings.first_token_s is None


def test_a_follow_up_is_made_whole(youju: Youju) -> None:
    answer = youju.ask("那产能呢？", history=[Turn("扬州阿特斯项目总投资多少？")], today=TODAY)
    assert answer.rewritten == "扬州阿特斯项目产能多少"
    assert "14GW" in answer.text


def test_this_year_is_the_askers_where_said_and_the_articles_otherwise(youju: Youju) -> None:
    question = "扬州今年工业开票冲刺多少亿元"
    undated = youju.ask(question)
    assert "9000" in undated.text
    assert "2024年" in undated.note
    assert "9000" in youju.ask(question, today=TODAY).text
    assert youju.ask(question, today=date(2026, 3, 20)).refused


@pytest.mark.parametrize("question", ["揚州阿特斯項目總投資是多少", "阿特斯项目一共投了多少钱"])
def test_traditional_and_colloquial_find_the_same(youju: Youju, question: str) -> None:
    assert any("总投资150亿元" in hit.passage.text for hit in youju.search(question, k=3))


def test_a_refusal_lists_no_sources(youju: Youju) -> None:
    answer = youju.ask("火星上有多少人口？", today=TODAY)
    assert answer.refused
    assert answer.citations == ()
    assert answer.text


def test_only_the_articles_that_the_filters_allow_are_asked(youju: Youju) -> None:
    other = tuple(info.id for info in youju.documents() if "阿特斯" not in youju.document(info.id).text)
    assert youju.ask(HEADLINE, today=TODAY, filters=Filters(since=date(2024, 1, 1))).citations
    asked = youju.ask("扬州阿特斯项目总投资多少？", today=TODAY, filters=Filters(documents=other))
    assert {hit.passage.document_id for hit in asked.hits} <= set(other)
    assert "150" not in asked.text
    assert youju.ask(HEADLINE, today=TODAY, filters=Filters(since=date(2030, 1, 1))).refused


def test_indexing_again_changes_nothing_and_a_changed_file_replaces(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    first, second = folder / "a.txt", folder / "b.txt"
    first.write_text("青石镇图书馆今年购书三千册。馆长叫林远。", encoding="utf-8")
    second.write_text("白水镇修了一座新桥，全长八百米。", encoding="utf-8")
    with Youju.open(chosen(tmp_path / "index"), create=True) as opened:
        assert set(opened.add([folder]).added) == {"a.txt", "b.txt"}
        again = opened.add([folder])
        assert (again.added, again.replaced, set(again.unchanged)) == ((), (), {"a.txt", "b.txt"})
        first.write_text("青石镇图书馆今年购书五千册。馆长叫周宁。", encoding="utf-8")
        assert opened.add([folder]).replaced == ("a.txt",)
        texts = [hit.passage.text for hit in opened.search("青石镇图书馆馆长", k=5)]
        assert any("周宁" in text for text in texts)
        assert not any("林远" in text for text in texts)
        second.unlink()
        assert opened.add([folder]).removed == ("b.txt",)
        assert not any("新桥" in hit.passage.text for hit in opened.search("白水镇新桥全长", k=5))


def test_bad_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + os.urandom(500))
    (tmp_path / "gbk.txt").write_bytes("青石镇图书馆今年购书三千册。".encode("gbk"))
    with Youju.open(chosen(tmp_path / "index"), create=True) as opened:
        report = opened.add([tmp_path / name for name in ("empty.txt", "picture.txt", "gbk.txt", "nowhere.txt")])
        assert report.added == ("gbk.txt",)
        assert {Path(path).name for path, _ in report.failed} == {"empty.txt", "picture.txt", "nowhere.txt"}
        for path, (zh, en) in report.failed:
            assert Path(path).name in zh and Path(path).name in en
            assert en.isascii() and not zh.isascii()
        assert opened.search("青石镇图书馆购书", k=1)


def test_an_index_without_times_gets_them_when_it_is_opened(seeds_index: Path, tmp_path: Path) -> None:
    """As one that was made before they were kept. Found is the same with them and without."""

    def found(opened: Youju) -> list[tuple[str, float]]:
        return [(hit.passage.id, hit.score) for hit in opened.search("2023年工业开票多少", k=8, today=TODAY)]

    index = shutil.copytree(seeds_index, tmp_path / "index")
    with Youju.open(chosen(index)) as opened:
        expected, times = found(opened), [hit.passage.times for hit in opened.search(HEADLINE)]
    with closing(sqlite3.connect(index / "library.sqlite")) as connection:
        connection.execute("DROP TABLE times")
    told: list[Progress] = []
    with Youju.open(chosen(index), on_progress=told.append) as opened:
        assert [hit.passage.times for hit in opened.search(HEADLINE)] == times
        assert all(times)
        assert found(opened) == expected
    assert {progress.stage for progress in told} == {"times"}, "nothing is embedded"


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="youju index"):
        Youju.open(chosen(tmp_path / "nothing"))


@pytest.mark.parametrize("question", ["", "  \n", "长" * 3000])
def test_no_question(youju: Youju, question: str) -> None:
    with pytest.raises(QuestionError):
        youju.ask(question)


def test_an_empty_index_refuses(tmp_path: Path) -> None:
    with Youju.open(chosen(tmp_path / "index"), create=True) as opened:
        assert opened.ask(HEADLINE, today=TODAY).refused


def test_an_unreachable_endpoint_is_named_and_nothing_is_lost(youju: Youju) -> None:
    away = {
        "llm.provider": "openai",
        "llm.base_url": "http://127.0.0.1:9/v1",
        "llm.model": "m",
        "llm.api_key": "s3cret",
    }
    settings = load_settings({"index": youju.settings.index} | away, environ={})
    with Youju.open(settings) as opened, pytest.raises(ModelCallFailed) as caught:
        opened.ask(HEADLINE, today=TODAY)
    assert "127.0.0.1:9" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert youju.ask(HEADLINE, today=TODAY).citations


def test_the_langchain_retriever(youju: Youju) -> None:
    found = YoujuRetriever(search=youju.search).invoke(HEADLINE)
    assert found
    assert all(d.page_content and d.metadata["document"].endswith(".txt") for d in found)


def test_the_embedded_model_answers_with_the_right_figure(
    seeds_index: Path, tmp_path: Path, chat_model: ChatModel
) -> None:
    index = shutil.copytree(seeds_index, tmp_path / "index")
    with small_youju(
        tmp_path, {}, embedder=open_embedder(Settings()), model=chat_model, settings=chosen(index)
    ) as opened:
        events = list(opened.stream(HEADLINE, today=TODAY))
    assert any(isinstance(event, Wrote) for event in events)
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    assert "万亿" in answer.text
    assert "9000" not in answer.text
    assert any("2025年" in citation.quote and "万亿" in citation.quote for citation in answer.citations)
    assert answer.model


def test_a_copy_that_gives_another_name_is_shown_beside(tmp_path: Path) -> None:
    """Its sentence says nothing new but for one word, and so is no evidence by itself."""
    text = "临江大桥由青峰设计院{}主持设计，2023年5月6日正式通车。桥上有六条车道，每天过车三万辆。\n"
    (tmp_path / "articles").mkdir()
    for name, person in (("a.txt", "张建国"), ("b.txt", "李卫东")):
        (tmp_path / "articles" / name).write_text(text.format(person), encoding="utf-8")
    with Youju.open(chosen(tmp_path / "index"), create=True) as opened:
        opened.add([tmp_path / "articles"])
        answer = opened.ask("临江大桥由谁主持设计？", today=TODAY)
    assert "各篇说法不一" in answer.note
    assert "张建国" in answer.note and "李卫东" in answer.note
    assert {citation.document for citation in answer.citations} == {"a.txt", "b.txt"}
