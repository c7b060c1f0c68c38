"""The time a question asks about, and whether a passage speaks of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.when.dated import agreement, asked, of, told
from rag.types import ArticleDate

TODAY = date(2024, 11, 12)  # a Tuesday


def days(found: list[tuple[int, int]]) -> list[str]:
    return [f"{date.fromordinal(first)}…{date.fromordinal(last)}" for first, last in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年4月26日的天气", ["2019-04-26…2019-04-26"]),
        ("2021年10月哪里", ["2021-10-01…2021-10-31"]),
        ("2022年底", ["2022-01-01…2022-12-31"]),
        ("2023年上半年的产量", ["2023-01-01…2023-06-30"]),
        ("2023年第三季度", ["2023-07-01…2023-09-30"]),
        ("2023-04-05和2023年5月", ["2023-04-05…2023-04-05", "2023-05-01…2023-05-31"]),
        ("去年12月开了什么", ["2023-12-01…2023-12-31"]),
        ("四年前的七月初", ["2020-07-01…2020-07-31"]),
        ("前三年", ["2021-01-01…2021-12-31"]),
        ("十二年后", ["2036-01-01…2036-12-31"]),
        ("四个月前", ["2024-06-15…2024-08-14"]),
        ("两周前", ["2024-10-22…2024-11-05"]),
        ("三天前", ["2024-11-08…2024-11-10"]),
        ("上周谁来过", ["2024-11-04…2024-11-10"]),
        ("上个月", ["2024-10-01…2024-10-31"]),
        ("昨天", ["2024-11-11…2024-11-11"]),
        ("八月的书", ["2024-08-01…2024-08-31"]),
        ("十二月的书", ["2023-12-01…2023-12-31"]),  # not yet come this year
        ("第3个月和3亿", []),
        ("扬州有几座桥", []),
    ],
)
def test_what_a_question_asks_for(text: str, expected: list[str]) -> None:
    assert days(asked(text, TODAY)) == expected


def test_without_today_only_plain_dates_are_known() -> None:
    assert asked("去年和上周,八月,三天前", None) == []
    assert days(asked("2019年8月", None)) == ["2019-08-01…2019-08-31"]


def test_a_passage_goes_on_from_the_year_and_month_it_has_named() -> None:
    text = "2019年12月24日决定不受理,25日公布,12月26日复议。2020年3月又起。"
    assert days(told(text, None)) == [
        "2019-12-24…2019-12-24",
        "2019-12-25…2019-12-25",
        "2019-12-26…2019-12-26",
        "2020-03-01…2020-03-31",
    ]


def test_days_of_a_dated_article_are_of_its_year() -> None:
    exact = ArticleDate(date(2024, 3, 18), "day", "")
    assert days(told("3月5日开会,去年也开过,昨天散会", exact)) == [
        "2024-03-05…2024-03-05",
        "2023-01-01…2023-12-31",
        "2024-03-17…2024-03-17",
    ]
    vague = ArticleDate(date(2024, 1, 1), "year", "")
    assert days(told("昨天散会,去年也开过", vague)) == ["2023-01-01…2023-12-31"]
    assert told("3月5日开会", None) == []
    assert days([of(exact), of(vague), of(ArticleDate(date(2024, 2, 1), "month", ""))]) == [
        "2024-03-18…2024-03-18",
        "2024-01-01…2024-12-31",
        "2024-02-01…2024-02-29",
    ]


def test_agreement_goes_by_the_best_and_by_the_first() -> None:
    day, month, year, other = (told(text, None) for text in ("2020年5月3日", "2020年5月", "2020年", "2021年5月3日"))
    assert agreement(month, day) == agreement(day, day) == (1, 1)
    assert agreement(day, month) == (0.6, 0.6)
    assert agreement(day, year) == (0.3, 0.3)
    assert agreement(day, other) == (-1, -1)
    assert agreement(day, [*other, *day]) == (1, -1)
    assert agreement([], day) == agreement(day, []) == (0, 0)


@given(st.text(alphabet="0123456789年月日前后去今明上下半个多周十二两三季度第初底-/.，天", max_size=30), st.dates())
def test_any_text_can_be_read(text: str, today: date) -> None:
    for first, last in [*asked(text, today), *told(text, ArticleDate(today, "day", ""))]:
        assert first <= last
