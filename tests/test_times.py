"""Years, said outright or counted from the writer's own."""

from __future__ import annotations

from rag.answer.when.times import days, resolve, time_at, times, years


def test_years_said_and_counted() -> None:
    assert years("今年冲刺9000亿元，2025年过万亿，去年已实现8000亿元", 2024) == {2024, 2025, 2023}
    assert years("今年冲刺9000亿元", None) == set()
    assert years("二〇二五年", None) == {2025}
    assert years("行动方案（2024—2026年）", None) == {2024, 2025, 2026}


def test_numbers_are_no_years() -> None:
    assert years("投入2000亿元，新增2025家企业，2024台设备", 2024) == set()


def test_plans_are_stretches_not_years() -> None:
    (plan,) = times("‘十五五’迈上万亿台阶", None)
    assert (plan.first, plan.last) == (2026, 2030)
    assert plan.covers(2028)
    assert not plan.covers(2025)
    assert years("“十五五”期间", None) == set()


def test_the_time_that_governs() -> None:
    text = "紧盯2025年过万亿目标，今年冲刺9000亿元"
    found = times(text, 2024)
    assert time_at(found, text.index("万亿")).text == "2025年"
    assert time_at(found, text.index("9000")).text == "今年"
    assert time_at(found, 0) is None


def test_resolve_only_adds() -> None:
    assert (
        resolve("今年冲刺9000亿元，去年8000亿元，2025年", 2024)
        == "今年（2024年）冲刺9000亿元，去年（2023年）8000亿元，2025年"
    )
    assert resolve("今年", None) == "今年"


def test_days() -> None:
    assert days("3月14日至16日，2月 18日上午") >= {(3, 14), (2, 18)}
    assert days("13月1日") == set()


def test_years_counted_from_the_year_spoken_of() -> None:
    assert years("2022年产值增长，上年为80亿元", 2024) == {2022, 2021}
    assert years("上年为80亿元", 2024) == {2023}
    assert years("产值比上年增长", 2024) == set()  # of which year, nobody says
    assert years("当年完成投资", 2024) == set()
    assert years("2021年开工，当年投产", 2024) == {2021}


def test_plans_that_are_none() -> None:
    assert times("十四五岁的孩子，二十五人", None) == []
    assert [(t.first, t.last) for t in times("十一五和十三五期间", None)] == [(2006, 2010), (2016, 2020)]
