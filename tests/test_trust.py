"""How far a sentence of the model is to be trusted, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest
from answer_samples import article, quotations

from rag.answer.bearing import wanted
from rag.answer.cite import check_answer
from rag.answer.repair import TRUSTED, settle
from rag.answer.trust import trust
from rag.types import Evidence, Query, Verdict

EVIDENCE = quotations(
    article(
        "镇江紧盯2025年外贸过万亿目标，今年外贸将冲刺9000亿元。"
        "镇江市委书记李明说，南湖产业园二期总投资30亿元。"
        "火灾共造成11人遇难，直接经济损失2806.5万元。"
    )
)


def trusted(question: str, said: str, evidence: list[Evidence] = EVIDENCE, estimate: float = 0.8) -> float:
    query = Query(question, question, date(2024, 3, 20))
    return max(
        trust(query, wanted(query), item, estimate) for item in check_answer(said, evidence, question, query.year)
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("镇江2025年外贸目标是多少", "镇江2025年外贸目标是过万亿[1]。"),
        ("南湖产业园二期总投资多少", "南湖产业园二期总投资30亿元[2]。"),
        ("镇江市委书记是谁", "镇江市委书记是李明[2]。"),
    ],
)
def test_right_answers_are_trusted(question: str, said: str) -> None:
    assert trusted(question, said) >= TRUSTED


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("无锡2025年外贸目标是多少", "无锡2025年外贸目标是过万亿[1]。"),
        ("镇江2021年外贸是多少", "镇江2021年外贸9000亿元[1]。"),
        ("镇江市长是谁", "镇江市长是李明[2]。"),
        ("南湖产业园一期总投资多少", "南湖产业园一期总投资30亿元[2]。"),
    ],
)
def test_near_misses_are_not(question: str, said: str) -> None:
    assert trusted(question, said) < TRUSTED


def test_a_wrong_figure_is_trusted_less_than_the_right_one() -> None:
    question = "南湖产业园二期总投资多少"
    assert trusted(question, "南湖产业园二期总投资60亿元[2]。") < trusted(question, "南湖产业园二期总投资30亿元[2]。")


def test_trust_grows_with_the_estimate_before_the_model() -> None:
    question, said = "镇江2025年外贸目标是多少", "镇江2025年外贸目标是过万亿[1]。"
    assert trusted(question, said, estimate=0.3) < trusted(question, said, estimate=0.9)


@pytest.mark.parametrize(("estimate", "shown"), [(0.9, ["30亿元"]), (0.2, [])])
def test_a_sentence_that_failed_the_check_gives_way_to_its_quotation_or_to_a_refusal(
    estimate: float, shown: list[str]
) -> None:
    question = "南湖产业园二期总投资多少"
    query = Query(question, question, date(2024, 3, 20))
    checked = check_answer("南湖产业园二期总投资60亿元[2]。", EVIDENCE, question, query.year)
    sentences = [item.sentence for item in settle(checked, query, EVIDENCE, estimate).sentences]
    assert [quantity for quantity in ("30亿元", "60亿元") for s in sentences if quantity in s.text] == shown
    assert all(s.verdict is Verdict.SUPPORTED for s in sentences)
