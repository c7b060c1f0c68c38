"""What is read out of a sentence before it is checked: points in time, names, offices, denials."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.claims.polarity import denial, opposite
from rag.answer.claims.spotted import holders, spot
from rag.answer.text.quantities import quantities, same
from rag.answer.when.moments import agrees, completed, moments

DAY = date(2024, 3, 18)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2024年3月5日", (2024, 3, 5)),
        ("3月5日", (2024, 3, 5)),
        ("昨日", (2024, 3, 17)),
        ("上月", (2024, 2, None)),
        ("去年12月", (2023, 12, None)),
        ("1—2月", (2024, 2, None)),
        ("2024-03-05", (2024, 3, 5)),
        ("三月五日", (2024, 3, 5)),
        ("1463年", (1463, None, None)),
    ],
)
def test_moments(text: str, parts: tuple[int | None, ...]) -> None:
    (moment,) = completed(moments(text, DAY), DAY, None)
    assert (moment.year, moment.month, moment.day) == parts


@pytest.mark.parametrize("text", ["一个月", "5个月内", "2000美元", "月球", "第3点建议"])
def test_no_moment(text: str) -> None:
    from rag.answer.claims.context import line

    assert [m for m in line(text).moments if m.month or m.year] == []


@pytest.mark.parametrize(
    ("claimed", "stands", "same"),
    [
        ("3月", "3月5日", True),
        ("3月5日", "3月", False),
        ("3月5日", "3月6日", False),
        ("第一季度", "2月", True),
        ("下半年", "2月", False),
        ("2023年3月", "2024年3月", False),
        ("19时20分", "19:20", True),
    ],
)
def test_agreement(claimed: str, stands: str, same: bool) -> None:
    assert agrees(moments(claimed)[0], moments(stands)[0]) is same


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("长宁市委书记赵一凡、市长钱多闻赴合肥考察", {("书记", "赵一凡", "长宁"), ("市长", "钱多闻", "长宁")}),
        ("长宁市委副书记、市长钱多闻表示", {("副书记", "钱多闻", "长宁"), ("市长", "钱多闻", "长宁")}),
        ("合肥市长是钱多闻。", {("市长", "钱多闻", "合肥")}),
    ],
)
def test_holders(text: str, held: set[tuple[str, str, str]]) -> None:
    people = tuple(name for name in spot(text) if name.kind == "person")
    assert {(h.office, h.person, "".join(h.whose)) for h in holders(text, people)} == held


@pytest.mark.parametrize(
    ("said", "source", "against"),
    [
        ("项目没有完工", "项目已经完工", True),
        ("项目完工", "项目尚未完工", True),
        ("项目没有完工", "项目尚未完工", False),
        ("不断提高水平", "提高水平", False),
        ("贷款比重不低于80%", "贷款比重在80%以上", False),
    ],
)
def test_denials(said: str, source: str, against: bool) -> None:
    assert bool(denial(said, source) or opposite(said, source)) is against


@pytest.mark.parametrize(("one", "other", "equal"), [("3台", "3辆", False), ("3个", "3辆", True), ("3家", "3个", True)])
def test_counting_words(one: str, other: str, equal: bool) -> None:
    assert same(quantities(one)[0], quantities(other)[0]) is equal


def test_ranges_share_their_unit() -> None:
    assert [(int(q.value), q.unit) for q in quantities("30至40万元")] == [(300000, "元"), (400000, "元")]
    assert [(int(q.value), q.unit) for q in quantities("1亿2000万元")] == [(120000000, "元")]
    assert [(int(q.value), q.unit) for q in quantities("连续三年")] == [(3, "年")]
