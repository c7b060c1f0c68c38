"""Who says it: words that one person says are not another's."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_tables import article, hits

from rag.answer.claims.verify import verify
from rag.types import Evidence, Verdict

MEETING = (
    "镇上开了一次座谈会\n\n“护栏要修三百米。”护堤员章怀禾说。水利站站长冯小舟则认为，“二百米就够了，水泥要涨价12%。”"
    "村民严大河追问：“什么时候动工？”冯小舟答道：“清明以前。”\n"
)
REPORTED = "镇上开了一次座谈会\n\n护堤员章怀禾表示，护栏要修三百米。水利站站长冯小舟指出，水泥要涨价12%。\n"


def told(folder: Path, text: str) -> list[Evidence]:
    document = article(folder, text)
    found = [hit for hit in hits(document) if len(hit.passage.sentences) > 1]
    return [
        Evidence(at, hit, span.start, span.end, hit.passage.slice(span), hit.passage.slice(span))
        for hit in found
        for at, span in enumerate(hit.passage.sentences, 1)
    ]


def verdict(folder: Path, text: str, said: str, question: str) -> Verdict:
    """Against the sentence with the same figure."""
    figure = "三百" if "三百" in said else "12%"
    return next(verify(said, [item], question).verdict for item in told(folder, text) if figure in item.quote)


@pytest.mark.parametrize("text", [MEETING, REPORTED], ids=["speech", "reported"])
@pytest.mark.parametrize(
    ("said", "question", "right"),
    [
        ("冯小舟认为水泥要涨价12%。", "冯小舟认为水泥要涨多少", True),
        ("水泥要涨价12%。", "冯小舟认为水泥要涨多少", True),
        ("章怀禾认为水泥要涨价12%。", "章怀禾认为水泥要涨多少", False),
        ("水泥要涨价12%。", "章怀禾说水泥要涨多少", False),
        ("章怀禾说护栏要修三百米。", "章怀禾说要修多少米", True),
        ("冯小舟说护栏要修三百米。", "冯小舟说要修多少米", False),
        ("冯小舟。", "谁说水泥要涨价", True),
    ],
)
def test_what_one_says_is_not_what_another_says(
    tmp_path: Path, text: str, said: str, question: str, right: bool
) -> None:
    assert (verdict(tmp_path, text, said, question) is Verdict.SUPPORTED) == right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "茶厂的董事长章怀禾到会。\n\n董事长表示，新茶要涨价一成。会后大家去看了茶园，天气很好。\n",
            "章怀禾表示新茶要涨价一成。",
        ),
        (
            "茶厂的厂长章怀禾到会。\n\n章厂长说，新茶要涨价一成。会后大家去看了茶园，天气很好。\n",
            "章怀禾说新茶要涨价一成。",
        ),
        ("茶农章怀禾到会。他说，新茶要涨价一成。会后大家去看了茶园，天气很好。\n", "章怀禾说新茶要涨价一成。"),
    ],
)
def test_one_who_is_named_elsewhere_is_no_other(tmp_path: Path, text: str, said: str) -> None:
    found = [verify(said, [item], "新茶要涨多少") for item in told(tmp_path, text)]
    assert not any(claim.kind == "speaker" for check in found for claim in check.claims)
