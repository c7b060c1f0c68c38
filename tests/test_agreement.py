"""A question about 2025 prefers statements about 2025."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.when import kept
from rag.answer.when.agreement import APART, agreement, asked_times
from rag.types import ArticleDate, Passage, Span

WRITTEN = ArticleDate(date(2024, 3, 18), "day", "")


def fit(
    question: str, text: str, written: ArticleDate | None = WRITTEN, today: date | None = date(2025, 6, 1)
) -> float:
    sentence = Span(0, len(text))
    passage = Passage("d:0", "d", 0, 0, len(text), text, "", "", (sentence,), (sentence,))
    named = kept.intervals(passage, sentence, written)
    return agreement(asked_times(question, today), named, written)


def test_in_order() -> None:
    question = "扬州2024年工业开票目标是多少"
    order = [
        "今年工业开票将冲刺9000亿元",
        "今年将冲刺9000亿元，紧盯2025年过万亿目标",
        "“十四五”期间累计50000亿元",
        "工业开票将冲刺9000亿元",  # no time, but published in that year
        "去年工业开票8000亿元",
    ]
    scores = [fit(question, text) for text in order]
    assert scores == sorted(scores, reverse=True) and len(set(scores[:2])) == 2
    assert scores[0] == 1.0 and scores[-1] == APART


def test_the_asker_and_the_article_each_have_their_own_year() -> None:
    assert fit("去年的目标是多少", "今年将冲刺9000亿元") == 1.0  # asked in 2025, written in 2024
    assert fit("今年的目标是多少", "今年将冲刺9000亿元") == APART
    assert fit("今年的目标是多少", "2025年过万亿") == 1.0
    assert fit("今年的目标是多少", "今年将冲刺9000亿元", today=None) == 0.0


def test_parts_and_wholes() -> None:
    assert fit("2024年3月怎么样", "3月18日，大会召开") == 1.0
    assert 0 < fit("2024年3月怎么样", "2024年，大会召开") < 0.5
    assert fit("2024年3月怎么样", "4月2日，大会召开") == APART


@pytest.mark.parametrize(
    ("question", "text"), [("总投资是多少", "今年投资30亿元"), ("", ""), ("近年来怎么样", "2023年")]
)
def test_nothing_asked_nothing_said(question: str, text: str) -> None:
    assert fit(question, text) == 0.0


def test_what_is_compared_with_is_not_spoken_of() -> None:
    assert fit("2023年增长多少", "今年产值增长5%，比2023年多") == APART


def test_without_times_the_article_speaks() -> None:
    assert fit("2024年的产值", "产值50亿元") > fit("2023年的产值", "产值50亿元") > 0
    assert fit("2026年的产值", "产值50亿元") < 0
    assert fit("2024年的产值", "产值50亿元", None) == 0.0
