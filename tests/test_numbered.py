"""Things that differ by a number or a code alone are different things."""

from __future__ import annotations

import numpy as np
import pytest
from answer_samples import article, quotations

from rag.answer.find.evidence import pack, rank_sentences
from rag.answer.subject import of_its_counterpart
from rag.answer.text.numbered import another, numbered
from rag.types import Query


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("一号泵站", "二号泵站将检修", True),
        ("1号泵站", "一号泵站将检修", False),
        ("3号井", "4号井年产原煤90万吨", True),
        ("第二车间", "第三车间停产", True),
        ("第2车间", "第二车间停产", False),
        ("甲班", "乙班由老周带队", True),
        ("高一（3）班", "高一（5）班得了第一名", True),
        ("海星K7", "海星M2续航14小时", True),
        ("海星K7", "海星K7续航9小时，海星M2续航14小时", False),
        ("TH10", "温度计TH-01装在东区", True),
        ("TH10", "温度计TH-10装在西区", False),
        ("海星K7", "该机用的是龙心S8芯片", False),  # a code of another kind
        ("海星K7", "电池保修两年", False),
        ("6月12号", "6月21号停水", False),  # days are no things
        ("澜屿2023年GDP", "澜屿2024年GDP", False),
    ],
)
def test_told_apart(one: str, other: str, differ: bool) -> None:
    assert another(numbered(one), numbered(other)) is differ


PUMPS = "镜湖水厂一号泵站将于8月12日检修。镜湖水厂二号泵站将于8月21日检修。镜湖水厂三号泵站将于8月25日检修。检修期间供水如常。"
MODELS = "海星K7续航9小时，售价1280元。海星M2售价1990元，明年上市。两款都保修两年。"


@pytest.mark.parametrize(
    ("text", "question", "shown", "left_out"),
    [
        (PUMPS, "镜湖水厂一号泵站哪天检修", "一号泵站", ("二号泵站", "三号泵站")),
        (PUMPS, "镜湖水厂3号泵站哪天检修", "三号泵站", ("一号泵站", "二号泵站")),
        (MODELS, "海星M2续航多久", "海星M2", ("海星K7",)),
        (PUMPS, "镜湖水厂哪一个泵站最先检修", "一号泵站", ()),
        (MODELS, "海星K7比海星M2便宜多少", "海星K7", ()),
        (
            PUMPS,
            "镜湖水厂七号泵站哪天检修",
            "一号泵站",
            (),
        ),  # which no sentence knows: what to make of it is not decided here
    ],
)
def test_what_is_said_of_another_is_not_shown(text: str, question: str, shown: str, left_out: tuple[str, ...]) -> None:
    hit = quotations(article(text))[0].hit
    vector = np.ones(2, np.float32) / np.sqrt(np.float32(2))
    asked = Query(question, question, None)
    ranked = rank_sentences(asked, [hit], vector, [np.tile(vector, (len(hit.passage.windows), 1))])
    packed = pack(ranked, asked, budget=10_000, count_tokens=len)
    words = "".join(item.quote for item in packed)
    assert shown in words
    assert not any(other in words for other in left_out)


@pytest.mark.parametrize(
    ("question", "other"), [("镜湖水厂一号泵站哪天检修", True), ("镜湖水厂二号泵站哪天检修", False)]
)
def test_an_answer_does_not_rest_on_what_is_said_of_another(question: str, other: bool) -> None:
    found = quotations(article(PUMPS))
    second = next(item for item in found if item.quote.startswith("镜湖水厂二号"))
    assert of_its_counterpart(question, (second,), found) is other
