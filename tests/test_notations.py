"""Properties: a value is the same however it is written, and another one in any digit, unit or sign."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.text.bounds import Bound
from rag.answer.text.numbers import chinese_number, fold
from rag.answer.text.quantities import Quantity, opposed, quantities, same, stands_for
from rag.answer.when import interval as when
from rag.answer.when.interval import label
from rag.answer.when.moments import Moment, agrees, completed, moments
from rag.answer.when.resolve import time_spans

FORMAL = str.maketrans("一二三四五六七八九十百千万亿", "壹贰叁肆伍陆柒捌玖拾佰仟萬億")
UNITS = ("元", "吨", "家", "公里", "美元", "亩", "平方米", "辆")
APART = ("元", "吨", "辆", "公里", "美元", "亩", "%", "小时", "人", "个百分点", "架")
whole = st.integers(1, 9_999_999_999_999)
quick = settings(max_examples=150, deadline=None)


def spelt(value: int) -> str:
    """The numeral as it is read aloud; the tests' own writer, section by section."""
    if value < 10:
        return "零一二三四五六七八九"[value]
    for size, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            head, rest = divmod(value, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return f"{spelt(head)}{name}{gap}{spelt(rest) if rest else ''}"
    raise AssertionError(value)


def scaled(value: int, size: int, name: str) -> str:
    return f"{(Decimal(value) / size).normalize():f}{name}"


def written(value: int) -> list[str]:
    """One whole number in every notation that it has."""
    found = [str(value), f"{value:,}", spelt(value), spelt(value).translate(FORMAL)]
    found.append("".join(chr(ord(c) + 0xFEE0) for c in str(value)))
    found.append("".join("，" if c == "," else chr(ord(c) + 0xFEE0) for c in f"{value:,}"))
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if value >= size:
            head, rest = divmod(value, size)
            found.append(scaled(value, size, name))
            if size < 10**12 and rest >= size // 10:
                found.append(f"{head}{name}{rest}")
            if rest and rest % 10**8 == 0 and size == 10**12:
                found.append(f"{head}万亿{rest // 10**8}亿")
            if rest and rest % 1000 == 0 and size == 10**4:
                found.append(f"{head}万{rest // 1000}千")
    return found


def read(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, (text, found)
    return found[0]


@given(whole, st.sampled_from(UNITS))
@quick
def test_a_quantity_is_the_same_in_every_notation(value: int, unit: str) -> None:
    for text in written(value):
        if text in "一壹":
            continue  # in words, 一家 counts nothing
        quantity = read(f"共计{text}{unit}")
        assert (quantity.value, quantity.unit) == (value, unit), text
        assert same(quantity, read(f"{value}{unit}")), text


@given(whole)
@quick
def test_a_numeral_is_read_as_it_is_spelt(value: int) -> None:
    assert chinese_number(spelt(value)) == value == chinese_number(spelt(value).translate(FORMAL))


@given(whole.filter(lambda v: v > 9), st.data())
@quick
def test_another_digit_is_another_value(value: int, data: st.DataObject) -> None:
    digits = str(value)
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "123456789" if d != digits[at]]))
    changed = int(digits[:at] + other + digits[at + 1 :])
    one = data.draw(st.sampled_from(written(value)))
    two = data.draw(st.sampled_from(written(changed)))
    assert not same(read(f"{one}元"), read(f"{two}元"))


@given(st.integers(1, 99_999), st.sampled_from(APART), st.sampled_from(APART))
@quick
def test_another_unit_or_sign_is_another_quantity(value: int, unit: str, other: str) -> None:
    assert same(read(f"{value}{unit}"), read(f"{value}{other}")) is (unit == other)
    for sign in ("-", "−", "－", "零下", "负"):
        below = read(f"为{sign}{value}度")
        assert below.value == -value
        assert not same(below, read(f"{value}度"))
        assert same(below, read(f"零下{value}摄氏度"))


@given(st.decimals(min_value="0.01", max_value="999", places=2))
@quick
def test_a_percentage_in_words_and_in_signs(value: Decimal) -> None:
    plain = f"{value.normalize():f}"
    head, _, tail = plain.partition(".")
    words = spelt(int(head)) + (f"点{''.join('零一二三四五六七八九'[int(c)] for c in tail)}" if tail else "")
    texts = [f"{plain}%", f"{plain}％", f"{plain} %", f"百分之{plain}", f"百分之{words}"]
    for text in texts:
        assert same(read(text), read(texts[0])), text
        assert not same(read(text), read(f"{plain}个百分点"))
        assert not same(read(text), read(f"{plain}‰"))


@given(
    st.integers(1, 9999),
    st.sampled_from(["公里 千米 km 1000 米", "吨 t 1000 公斤", "小时 个小时 h 60 分钟", "千瓦 kw 1000 瓦"]),
)
@quick
def test_units_that_measure_the_same(value: int, row: str) -> None:
    *names, times, small = row.split()
    for name in names:
        assert same(read(f"{value}{name}"), read(f"{value * int(times)}{small}")), name
        assert not same(read(f"{value}{name}"), read(f"{value}{small}"))


@given(
    st.integers(1, 900),
    st.integers(1, 99),
    st.sampled_from(["—", "-", "~", "至", "到", "～"]),
    st.sampled_from(["亿元", "%", "家"]),
)
@quick
def test_a_range_has_one_unit(low: int, more: int, dash: str, unit: str) -> None:
    short, long = quantities(f"{low}{dash}{low + more}{unit}"), quantities(f"{low}{unit}{dash}{low + more}{unit}")
    assert len(short) == len(long) == 2
    assert all(same(one, other) for one, other in zip(short, long, strict=True))
    assert all(quantity.value > 0 for quantity in short)


@given(st.sampled_from(["100多万元", "一百多万元", "100余万元", "１００多万元", "100万多元", "百余万元", "上百万元"]))
@settings(max_examples=10, deadline=None)
def test_about_a_million(text: str) -> None:
    quantity = read(f"补助{text}")
    assert (quantity.value, quantity.unit, quantity.bound) == (1_000_000, "元", Bound.MORE)


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("1000多亿", 10**11, Bound.MORE),
        ("30余万", 300_000, Bound.MORE),
        ("十几万", 100_000, Bound.MORE),
        ("近百亿", 10**10, Bound.NEARLY),
        ("数十亿元", 10**9, Bound.SEVERAL),
        ("三个多月", 3, Bound.MORE),
        ("人数20余名", 20, Bound.MORE),
        ("20名左右", 20, Bound.ABOUT),
        ("每日限2万人", 20_000, Bound.AT_MOST),
    ],
)
def test_how_exact_a_figure_is_said_to_be(text: str, value: int, bound: Bound) -> None:
    assert (read(text).value, read(text).bound) == (value, bound)


LIMITS = {
    Bound.AT_MOST: ("不得超过{}", "不超过{}", "不准超过{}", "不能逾{}", "没有超过{}", "不应该高于{}", "至多{}", "最多{}", "上限为{}", "最高可达{}", "{}以内", "{}以下"),
    Bound.AT_LEAST: ("不得少于{}", "不低于{}", "不能低于{}", "至少{}", "最低{}", "下限是{}", "{}以上", "不下{}"),
    Bound.MORE: ("超过{}", "逾{}", "突破{}", "高于{}"),
    Bound.LESS: ("不足{}", "不到{}", "低于{}", "未满{}"),
    Bound.EXACT: ("为{}", "签约{}", "附近{}", "人数{}", "节约{}", "中超{}"),
}  # fmt: skip


@pytest.mark.parametrize("bound", LIMITS)
def test_a_limit_is_part_of_the_figure(bound: Bound) -> None:
    for wording in LIMITS[bound]:
        text = f"甲队{wording.format('30人')}。"
        quantity = read(text)
        assert quantity.bound is bound, text
        assert (bound is Bound.EXACT) == (quantity.around == (quantity.start, quantity.end)), text


@given(
    st.sampled_from([(b, w) for b in LIMITS for w in LIMITS[b]]),
    st.sampled_from([(b, w) for b in LIMITS for w in LIMITS[b]]),
)
@quick
def test_from_above_is_not_from_below(one: tuple[Bound, str], other: tuple[Bound, str]) -> None:
    mine, theirs = (read(f"甲队{wording.format('30人')}。") for _, wording in (one, other))
    assert same(mine, theirs)
    assert opposed(mine, theirs) is bool(
        {one[0], other[0]} in [{a, b} for a in (Bound.MORE, Bound.AT_LEAST) for b in (Bound.LESS, Bound.AT_MOST)]
    )


@given(st.integers(1001, 99_999))
@quick
def test_a_figure_cut_or_rounded_stands_for_the_whole(value: int) -> None:
    down = value // 1000 * 1000
    assert stands_for(read(f"超过{down}吨"), read(f"{value}吨")) or down * Decimal("1.25") <= value or down == value
    assert not stands_for(read(f"超过{down + 1000}吨"), read(f"{value}吨"))
    assert not stands_for(read(f"{down}吨"), read(f"{value}吨"))


@pytest.mark.parametrize(
    "text",
    ["QH/T 4471-2023", "qh/t4471-2023", "HNX 212.1-2024", "HNX212.1—2024", "FL-7B", "v3.12.4", "2024-01-20", "14月24日", "23时30分", "第4.2.1节"],
)  # fmt: skip
def test_what_is_a_code_or_a_time_is_no_quantity(text: str) -> None:
    assert quantities(f"{text}的记录") == []


days = st.dates(date(1950, 1, 1), date(2049, 12, 31))


def dated(day: date) -> list[str]:
    year = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
    return [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        f"{day.year}年{day.month}月{day.day}号",
        f"{year}年{spelt(day.month).removeprefix('一') if day.month > 9 else spelt(day.month)}月{spelt(day.day).removeprefix('一') if 9 < day.day < 20 else spelt(day.day)}日",
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{day.year}年{day.month}月{day.day}日"),
    ]


def moment(text: str, today: date | None = None) -> Moment:
    (found,) = completed(moments(text, today), today, None)
    return found


@given(days)
@quick
def test_a_day_is_the_same_in_every_notation(day: date) -> None:
    for text in dated(day):
        found = moment(text)
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day), text
        assert agrees(found, moment(dated(day)[0])) and agrees(moment(dated(day)[0]), found)
        assert not found.impossible
    assert agrees(moment(f"{day.month}月{day.day}日", day), moment(day.isoformat()))


@given(days, days, st.data())
@quick
def test_two_days_agree_only_if_they_are_one(one: date, other: date, data: st.DataObject) -> None:
    texts = [data.draw(st.sampled_from(dated(day))) for day in (one, other)]
    assert agrees(moment(texts[0]), moment(texts[1])) is (one == other)


@given(st.integers(1990, 2040), st.integers(0, 40), st.integers(0, 40))
@quick
def test_what_no_calendar_holds_is_impossible(year: int, month: int, day: int) -> None:
    real = when.days(year, month, day, day) is not None
    for text in (f"{year}年{month}月{day}日", f"{year}-{month}-{day}"):
        assert moment(text).impossible is not real, text


@given(days, st.integers(1, 99))
@quick
def test_days_are_counted_as_the_calendar_counts(day: date, step: int) -> None:
    assert [s.interval for s in time_spans(f"{step}天前", day)] == [
        when.Interval(day - timedelta(step), day - timedelta(step))
    ]
    for word, off in (("前天", -2), ("昨天", -1), ("今天", 0), ("明天", 1), ("后天", 2)):
        (span,) = time_spans(word, day)
        assert span.interval == when.Interval(day + timedelta(off), day + timedelta(off))
    month = when.month_of(day, -1)
    assert [s.interval for s in time_spans("上个月", day)] == [month]
    assert when.back(when.back(day, step), -step).replace(day=1) == day.replace(day=1)
    assert when.week_of(day).start <= day <= when.week_of(day).end


@given(days, st.integers(0, 90))
@quick
def test_a_stretch_is_read_back_from_its_label(day: date, length: int) -> None:
    last = day + timedelta(length)
    if day.year != last.year:
        return
    (span,) = time_spans(label(when.Interval(day, last)), None)
    assert span.interval == when.Interval(day, last)


@given(st.text(alphabet="０１９，．％（）一万亿多ＡＢ-－−零下年月日", max_size=12))
@quick
def test_folding_keeps_places_and_any_text_is_read(text: str) -> None:
    assert len(fold(text)) == len(text)
    folded = fold(text)
    for quantity in quantities(text):
        assert quantity.text == folded[quantity.start : quantity.end]
        assert quantity.around[0] <= quantity.start < quantity.end <= quantity.around[1]
    moments(text)
