"""A refusal names what there is, and only what is near."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.offer import offer
from rag.answer.question.query import understand
from rag.answer.refuse import wording
from rag.types import Query

EVIDENCE = quotations(
    article(
        "海安集团2024年营收413亿元。集团总部位于南通。2025年，海安集团将冲刺营收500亿元。", title="海安集团：再上台阶"
    )
)


def asked(text: str) -> Query:
    return understand(text, (), None)


def test_another_year_is_named_with_the_one_there_is() -> None:
    query = asked("海安集团2027年的营收目标是多少？")
    near = offer(query, EVIDENCE, 0.6)
    assert near is not None
    said = wording(query, near)
    assert said.startswith("资料中没有2027年的数字；相近的有：")
    assert "亿元" in said
    assert said.endswith("[1]。")
    assert near.item.evidence[0].quote in EVIDENCE[0].hit.passage.text


def test_another_figure_is_offered_for_one_that_is_missing() -> None:
    query = asked("海安集团有多少名员工？")
    near = offer(query, EVIDENCE, 0.6)
    assert near is not None
    assert "海安集团" in wording(query, near)


@pytest.mark.parametrize("question", ["长江大桥有多长？", "中远海运集团2024年营收多少？"])
def test_what_is_about_something_else_is_not_offered(question: str) -> None:
    query = asked(question)
    near = offer(query, EVIDENCE, 0.6)
    assert near is None
    assert wording(query, near) == "资料中没有这个问题的答案。"


def test_nothing_is_offered_where_the_search_found_nothing_near() -> None:
    assert offer(asked("海安集团2027年的营收目标是多少？"), EVIDENCE, 0.05) is None


def test_an_english_question_is_refused_in_english() -> None:
    query = asked("What is the revenue of Haian in 2027?")
    assert wording(query, None) == "The articles do not answer this question."
    near = offer(asked("海安集团2027年的营收目标是多少？"), EVIDENCE, 0.6)
    assert wording(query, near).startswith("The articles have no answer for 2027; nearest to it is: ")
