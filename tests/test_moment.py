"""Asked when: the time beside what is asked, not another of the same sentence."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.answering import tells_only_when
from rag.answer.bearing import wanted
from rag.answer.moment import of_another_clause
from rag.types import Query

APPOINTED = "2024年5月21日，球队宣布李卫东任主教练，自6月1日起正式接手球队。"
SHOWN = "2020年9月，公司公布了第三代相机，计划明年量产。"
SAID = "早在2021年，徐州就喊出“2025年产值力争破万亿”的口号。"


def query(text: str) -> Query:
    return Query(text, text, None)


@pytest.mark.parametrize(
    ("text", "question", "right", "wrong"),
    [
        (APPOINTED, "李卫东在何时正式接手球队", "2024年6月1日", "2024年5月21日"),
        (APPOINTED, "球队什么时候宣布李卫东任主教练", "2024年5月21日", "2024年6月1日"),
        (SHOWN, "第三代相机计划在哪一年量产", "2021年", "2020年9月"),
        (SAID, "徐州是哪一年喊出破万亿的口号的", "2021年", "2025年"),
        (SAID, "徐州提出哪一年力争产值破万亿", "2025年", "2021年"),
    ],
)
def test_the_time_of_the_clause_that_says_what_is_asked(text: str, question: str, right: str, wrong: str) -> None:
    asked = query(question)
    (item,) = quotations(article(text))
    assert not of_another_clause(wanted(asked), asked, right, item)
    assert of_another_clause(wanted(asked), asked, wrong, item)


@pytest.mark.parametrize(
    ("question", "sentence", "only"),
    [
        ("美国在哪里发布了量子前沿报告", "美国在2020年10月7日发布了量子前沿报告。", True),
        ("美国在哪里发布了量子前沿报告", "美国在白宫发布了量子前沿报告。", False),
        ("谁在2023年获得了金奖", "2023年10月获得了金奖。", True),
        ("代表团是哪几天外出学习的", "3月14日至16日", False),
    ],
)
def test_a_day_is_no_answer_to_where(question: str, sentence: str, only: bool) -> None:
    assert tells_only_when(query(question), sentence) is only
