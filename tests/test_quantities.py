"""Numbers in Chinese articles: read to one value, whatever they are written like."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.answer.text.quantities import chinese_number, fold, quantities, same


def only(text: str):
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9000亿元", "9,000 亿元"),
        ("9000亿元", "0.9万亿元"),
        ("９０００亿元", "9000亿元"),
        ("万亿元", "1万亿元"),
        ("万亿元", "10000亿元"),
        ("一万亿元", "1万亿"),
        ("八成", "80%"),
        ("百分之八十", "80％"),
        ("两百家", "200家"),
        ("三百五十万辆", "350万辆"),
        ("第六", "第6"),
        ("36万片", "360000片"),
        ("二十强", "20强"),
    ],
)
def test_same_value(one: str, other: str) -> None:
    assert same(only(one), only(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9000亿元", "9000万元"),
        ("9000亿元", "7000亿元"),
        ("50%", "50家"),
        ("第六", "6家"),
        ("14GW", "14MW"),
        ("八成", "8%"),
    ],
)
def test_other_value(one: str, other: str) -> None:
    assert not same(only(one), only(other))


@pytest.mark.parametrize(
    "text",
    [
        "统一部署",
        "一批项目",
        "十分重要",
        "2025年",
        "3月14日",
        "一方面",
        "一个个项目",
        "万一停电",
        "两度登陆",
        "三四线城市",
        "李兆前",
        "头两个月",
    ],
)
def test_not_a_quantity(text: str) -> None:
    assert quantities(text) == []


def test_units_and_places() -> None:
    text = "总投资150亿元，可年产14GW大尺寸硅片，增长10.5%"
    found = quantities(text)
    assert [(q.value, q.unit) for q in found] == [
        (Decimal(150) * 10**8, "元"),
        (Decimal(14), "GW"),
        (Decimal("10.5"), "%"),
    ]
    assert all(text[q.start : q.end] == q.text for q in found)


def test_bare_scale_counts_only_as_an_amount() -> None:
    assert [q.value for q in quantities("突破万亿大关、迈上万亿台阶")] == [10**12, 10**12]
    assert quantities("千千万万的人") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一万二千", 12000),
        ("二〇二五", 2025),
        ("三点五", Decimal("3.5")),
        ("十", 10),
        ("百万", 10**6),
        ("一亿三千万", 130_000_000),
        ("三万五千亿", 35 * 10**11),
        ("三万亿五千亿", None),
        ("万一", None),
        ("一万二", 12_000),
        ("一百零二", 102),
        ("一百二", 120),
    ],
)
def test_chinese_number(text: str, value: object) -> None:
    assert chinese_number(text) == value


def test_fold_keeps_length() -> None:
    text = "ＡＢ１２％（甲）：乙"
    assert len(fold(text)) == len(text)
    assert fold(text).startswith("AB12%")
