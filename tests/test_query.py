"""Follow-ups are made whole; questions that stand by themselves are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.query import complete, depends, understand
from rag.types import Turn


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("合肥新桥智能电动汽车项目总投资多少？", "那产能呢？", "合肥新桥智能电动汽车项目产能多少"),
        ("南京2023年外贸总额是多少", "苏州呢？", "苏州2023年外贸总额是多少"),
        ("海安集团2022年营收多少", "2023年呢？", "海安集团2023年营收多少"),
        ("海安集团2022年营收多少", "利润呢", "海安集团2022年利润多少"),
        ("南京市市长是谁", "那苏州的市长呢？", "苏州的市长是谁"),
        ("海安集团的总部在哪里", "它有多少员工？", "海安集团有多少员工"),
        ("徐州算力在全国排名第几", "那全省呢", "徐州算力在全省排名第几"),
    ],
)
def test_made_whole(before: str, question: str, whole: str) -> None:
    assert complete(before, question) == whole


@pytest.mark.parametrize(
    "question", ["无锡的东方空间产业园什么时候开工", "什么是新质生产力", "哪些城市提出了万亿目标", "南京市市长是谁？"]
)
def test_left_alone(question: str) -> None:
    assert not depends(question)
    assert complete("海安集团2022年营收多少", question) == question


def test_chain_of_follow_ups() -> None:
    history = [Turn("南京2023年外贸总额是多少"), Turn("苏州呢？")]
    query = understand("2022年呢？", history, date(2024, 3, 1))
    assert query.rewritten == "苏州2022年外贸总额是多少"
    assert query.text == "2022年呢？"


def test_without_history_nothing_changes() -> None:
    assert understand("那产能呢？", [], date(2024, 3, 1)).rewritten == "那产能呢？"
