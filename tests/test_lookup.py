"""A bare term is looked up; a question is not."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.lookup import looked_up, term
from rag.types import Query

TEXT = "澜屿县推行“两证合一”。全县已有4126家商户用上。局长严若衡说，明年推广到菜市场。去年有41260人次办理。"


def query(text: str) -> Query:
    return Query(text, text, None)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("4126", ["全县已有4126家商户用上。"]),
        ("４１２６", ["全县已有4126家商户用上。"]),
        ("菜市场", ["局长严若衡说，明年推广到菜市场。"]),
        ("商户？", ["全县已有4126家商户用上。"]),
        ("图书馆", []),
        ("412", []),
    ],
)
def test_a_bare_term(text: str, quotes: list[str]) -> None:
    assert term(query(text))
    assert [item.sentence.text for item in looked_up(query(text), quotations(article(TEXT)))] == quotes


@pytest.mark.parametrize(
    "text",
    [
        "商户有多少家",
        "谁是局长",
        "澜屿县商户",
        "推广到菜市场了吗",
        "2024年外贸总额",
        "为什么推广",
        "market",
        "怎么办理",
        "",
    ],
)
def test_what_asks_is_no_term(text: str) -> None:
    assert term(query(text)) == ""
    assert looked_up(query(text), quotations(article(TEXT))) == []
