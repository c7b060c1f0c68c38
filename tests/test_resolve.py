"""今年, 上月, 近三年, 「十五五」: which days they mean, and what is shown beside them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.when import interval as when
from rag.answer.when.resolve import annotated, time_spans
from rag.types import ArticleDate

WRITTEN = ArticleDate(date(2024, 3, 18), "day", "")  # a Monday


def meant(text: str, anchor: ArticleDate | date | None = WRITTEN) -> list[str]:
    """「words start end label」 for each time."""
    return [
        f"{s.text} {s.interval.start} {s.interval.end} {s.label}".rstrip() if s.interval else f"{s.text} ?"
        for s in time_spans(text, anchor)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今年冲刺9000亿元", "今年 2024-01-01 2024-12-31 2024年"),
        ("前年的8月，他回国", "前年的8月 2022-08-01 2022-08-31 2022年"),
        ("明年年初开工", "明年年初 2025-01-01 2025-03-31 2025年"),
        ("后年完工", "后年 2026-01-01 2026-12-31 2026年"),
        ("去年底", "去年底 2023-10-01 2023-12-31 2023年"),
        ("本月5日", "本月5日 2024-03-05 2024-03-05 2024年3月"),
        ("上月底", "上月底 2024-02-21 2024-02-29 2024年2月"),
        ("下个月", "下个月 2024-04-01 2024-04-30 2024年4月"),
        ("昨日，记者获悉", "昨日 2024-03-17 2024-03-17 2024年3月17日"),
        ("上周五表示", "上周五 2024-03-15 2024-03-15 2024年3月15日"),
        ("下周三", "下周三 2024-03-27 2024-03-27 2024年3月27日"),
        ("截至上周", "上周 2024-03-11 2024-03-17 2024年3月11日至17日"),
        ("近三年来", "近三年来 2021-03-18 2024-03-18 2021—2024年"),
        ("过去五年", "过去五年 2019-03-18 2024-03-18 2019—2024年"),
        ("五年来", "五年来 2019-03-18 2024-03-18 2019—2024年"),
        ("1—2月，进出口增长", "1—2月 2024-01-01 2024-02-29 2024年"),
        ("2月 18 日上午", "2月 18 日 2024-02-18 2024-02-18 2024年"),
        ("一季度", "一季度 2024-01-01 2024-03-31 2024年"),
        ("上半年", "上半年 2024-01-01 2024-06-30 2024年"),
        ("前11个月", "前11个月 2024-01-01 2024-11-30 2024年"),
        ("年底建成", "年底 2024-10-01 2024-12-31 2024年"),
        ("三年前成立", "三年前 2021-01-01 2021-12-31 2021年"),
        ("三年前3月成立", "三年前3月 2021-03-01 2021-03-31 2021年"),
        ("今明两年", "今明两年 2024-01-01 2025-12-31 2024—2025年"),
        ("本世纪", "本世纪 2001-01-01 2100-12-31 2001—2100年"),
        ("上世纪80年代", "上世纪80年代 1980-01-01 1989-12-31 1980—1989年"),
        ("“十五五”迈上", "“十五五” 2026-01-01 2030-12-31 2026—2030年"),
        ("“十四五”末", "“十四五”末 2025-01-01 2025-12-31 2025年"),
        ("第十四个五年规划", "第十四个五年规划 2021-01-01 2025-12-31 2021—2025年"),
        ("18日，记者从会上获悉", "18日 2024-03-18 2024-03-18 2024年3月"),
        # what says all by itself
        ("2023年3月18日至20日", "2023年3月18日至20日 2023-03-18 2023-03-20"),
        ("2024—2026年", "2024—2026年 2024-01-01 2026-12-31"),
        ("２０２４年３月", "２０２４年３月 2024-03-01 2024-03-31"),
        ("二〇二四年", "二〇二四年 2024-01-01 2024-12-31"),
        ("2024年第一季度", "2024年第一季度 2024-01-01 2024-03-31"),
    ],
)
def test_one_time(text: str, expected: str) -> None:
    assert meant(text) == [expected]


def test_five_year_plans_by_formula() -> None:
    assert [when.plan(n) and when.plan(n).start.year for n in (0, 1, 2, 3, 10, 13, 14, 15)] == [  # type: ignore[union-attr]
        *(None, 1953, 1958, 1966, 2001, 2016, 2021, 2026)
    ]
    assert when.plan(2).end.year == 1962  # type: ignore[union-attr]
    assert meant("“一五”期间") == ["“一五”期间 1953-01-01 1957-12-31 1953—1957年"]


@pytest.mark.parametrize(
    "text",
    [
        "十四五岁的孩子三五成群",
        "历时近三年，从业近20年",
        "一周五天，每周五例会",
        "《今日说法》《“十四五”规划》",
        "今日头条",
        "先天与后天培养",
        "投入2000亿元，2024台设备",
        "3个月，10日线，60日均线",
        "年产30万吨",
        "短短两年内，几十年来",
    ],
)
def test_what_names_no_time(text: str) -> None:
    assert meant(text) == []


def test_a_year_named_before_is_lent_within_its_sentence() -> None:
    assert meant("去年3月开工，5月2日竣工")[1] == "5月2日 2023-05-02 2023-05-02 2023年"
    assert meant("2022年，全市一季度增长5%")[1].startswith("一季度 2022-01-01")
    assert meant("公司2015年成立，8月16日发布新品")[1].startswith("8月16日 2024-08-16")
    assert meant("2022年3月开工。5月2日竣工")[1].startswith("5月2日 2024-05-02")


def test_last_year_is_counted_from_the_year_spoken_of() -> None:
    told = time_spans("2022年，产值比上年增长5%", WRITTEN)[1]
    assert told.label == "2021年" and told.compared
    assert meant("产值比上年增长5%") == ["上年 ?"]
    assert meant("上年末") == ["上年末 2023-10-01 2023-12-31 2023年"]
    assert meant("当年完成投资") == ["当年 ?"]
    assert meant("今年1—2月增长，比去年同期多")[1] == "去年同期 2023-01-01 2023-02-28 2023年"


def test_around_new_year() -> None:
    january = ArticleDate(date(2024, 1, 5), "day", "")
    assert meant("12月28日，项目开工", january) == ["12月28日 2023-12-28 2023-12-28 2023年"]
    assert meant("12月28日将开工", january) == ["12月28日 2024-12-28 2024-12-28 2024年"]
    assert meant("1月8日将召开", ArticleDate(date(2024, 12, 20), "day", "")) == ["1月8日 2025-01-08 2025-01-08 2025年"]
    assert meant("1—11月，增长", ArticleDate(date(2024, 12, 20), "day", ""))[0].startswith("1—11月 2024-01-01")


def test_what_is_not_known_is_left_open() -> None:
    only_year = ArticleDate(date(2024, 1, 1), "year", "")
    only_month = ArticleDate(date(2024, 3, 1), "month", "")
    assert meant("今年，上月，昨日", only_year) == ["今年 2024-01-01 2024-12-31 2024年", "上月 ?", "昨日 ?"]
    assert meant("上月，昨日", only_month) == ["上月 2024-02-01 2024-02-29 2024年2月", "昨日 ?"]
    assert meant("今年3月，2023年", None) == ["今年3月 ?", "2023年 2023-01-01 2023-12-31"]
    assert annotated("今年3月，昨日", None) == "今年3月，昨日"


def test_only_an_asker_looks_ahead() -> None:
    assert meant("两周后去哪里", date(2024, 3, 18)) == ["两周后 2024-04-01 2024-04-07 2024年4月1日至7日"]
    assert meant("两周后，他走了") == []
    assert meant("半年前", date(2024, 11, 12)) == ["半年前 2024-02-01 2024-08-31 2024年2—8月"]
    assert meant("七个月前四大报", date(2024, 11, 12)) == ["七个月前 2024-04-01 2024-04-30 2024年4月"]


def test_what_is_added_is_said_once() -> None:
    assert (
        annotated("今年冲刺9000亿元，去年8000亿元，2025年", WRITTEN)
        == "今年（2024年）冲刺9000亿元，去年（2023年）8000亿元，2025年"
    )
    assert annotated("3月14日开会，2月23日开工", WRITTEN) == "3月14日（2024年）开会，2月23日开工"


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "今年 去年 上年 2024年 3月 1—2月 18日 至 上月 底 近 三 年 来 “十四五” 本 周 五 前 个 月 31日 2月30日 。 ， 半年前 九十九 9999年 20世纪 Q3 99年 后 同期 a".split()
        ),
        max_size=14,
    ).map("".join),
    st.sampled_from([None, WRITTEN, date(1, 1, 1), date(9999, 12, 31), ArticleDate(date(2024, 1, 1), "year", "")]),
)
def test_any_text_is_read_and_no_word_is_changed(text: str, anchor: ArticleDate | date | None) -> None:
    spans = time_spans(text, anchor)
    assert [text[s.start : s.end] for s in spans] == [s.text for s in spans]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.interval is None or s.interval.start <= s.interval.end for s in spans)
    shown, at = annotated(text, anchor), 0
    for char in text:  # every character is still there, in order
        at = shown.index(char, at) + 1
