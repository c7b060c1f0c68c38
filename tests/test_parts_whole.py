"""Each part of a question that asks several things at once carries all that the whole says, but the other things."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.question.parts import Working, split_question
from rag.types import Query

KINDS_OF_THINGS = (
    ("镇江", "南通", "宿迁", "泰州"),
    ("澜屿镇", "石坡乡", "柳渡镇", "云塘镇"),  # that no dictionary knows
    ("鹿屿", "砚塘", "栖岭", "汀澜"),
    ("青峰集团", "海岳集团", "澄湖集团", "恒远集团"),
    ("龙脊水库", "凤尾水库", "白石水库", "云台水库"),
    ("一号泵站", "二号泵站", "三号泵站", "四号泵站"),
    ("K7", "K9", "M2", "TX-30"),
    ("镇江市", "南通市", "宿迁市", "泰州市"),
)
YEARS = ("", "2023年", "今年", "去年", "2024年上半年")
INDICATORS = (
    ("GDP", "亿元"),
    ("港口吞吐量", "万吨"),
    ("新增企业", "家"),
    ("工业开票目标", ""),
    ("渔船保有量", "艘"),
    ("旅游收入", "元"),
)
JOINERS = ("、", "和", "与", "及", "以及")
EACH = ("各是多少", "分别是多少", "分别为多少")
WORKED = {
    "相差多少": Working.DIFFERENCE,
    "差多少": Working.DIFFERENCE,
    "谁更高": Working.LARGEST,
    "哪个多": Working.LARGEST,
    "哪个更低": Working.SMALLEST,
    "一共是多少": Working.SUM,
    "合计多少": Working.SUM,
}


@given(
    kind=st.sampled_from(KINDS_OF_THINGS),
    count=st.integers(2, 4),
    joiner=st.sampled_from(JOINERS),
    year=st.sampled_from(YEARS),
    of=st.sampled_from(("", "的")),
    indicator=st.sampled_from(INDICATORS),
    ask=st.sampled_from((*EACH, *WORKED)),
    first=st.booleans(),  # 「2023年镇江和南通的…」
)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_each_part_is_the_whole_with_one_thing(
    kind: tuple[str, ...],
    count: int,
    joiner: str,
    year: str,
    of: str,
    indicator: tuple[str, str],
    ask: str,
    first: bool,
) -> None:
    things = kind[:count]
    named = "、".join(things[:-1]) + joiner + things[-1]
    what, unit = indicator
    if kind[0].isascii():  # nobody writes 「K92023年」
        year, what = f" {year}" if year and not first else year, what if of or not what.isascii() else f" {what}"
    unit = unit if ask.endswith("多少") else ""
    question = f"{year}{named}{of}{what}{ask}{unit}" if first else f"{named}{year}{of}{what}{ask}{unit}"
    found = split_question(Query(question, question, None))
    assert found is not None, question
    verb = "为" if ask == "分别为多少" else "是"
    wanted = [f"{year}{t}{of}{what}" if first else f"{t}{year}{of}{what}" for t in things]
    assert [part.query.rewritten for part in found.parts] == [f"{each}{verb}多少{unit}" for each in wanted]
    assert [part.label for part in found.parts] == list(things)
    assert found.working == WORKED.get(ask, Working.NOTHING)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        # what differs is the year, the indicator, or the code behind a shared name
        ("镇江2023年和2024年的GDP相差多少", ["镇江2023年的GDP是多少", "镇江2024年的GDP是多少"]),
        ("2023年和2024年镇江的GDP各是多少", ["2023年镇江的GDP是多少", "2024年镇江的GDP是多少"]),
        ("镇江GDP和常住人口分别是多少", ["镇江GDP是多少", "镇江常住人口是多少"]),
        ("镇江2023年的GDP和常住人口分别是多少", ["镇江2023年的GDP是多少", "镇江2023年的常住人口是多少"]),
        (
            "鹿屿2023年的水产品产量和渔船保有量各是多少",
            ["鹿屿2023年的水产品产量是多少", "鹿屿2023年的渔船保有量是多少"],
        ),
        ("海星K7和M2售价相差多少元", ["海星K7售价是多少元", "海星M2售价是多少元"]),
        ("海星K7和海星M2哪一款更贵", ["海星K7售价是多少", "海星M2售价是多少"]),
        # what is asked stands before the things, or behind the first alone
        ("2023年GDP镇江和南通哪个高", ["2023年GDP镇江是多少", "2023年GDP南通是多少"]),
        ("镇江2025年的外贸目标和南通的相差多少", ["镇江2025年的外贸目标是多少", "南通2025年的外贸目标是多少"]),
        ("龙脊水库的库容比凤尾水库多多少", ["龙脊水库的库容是多少", "凤尾水库的库容是多少"]),
        ("2024年石坡乡的春茶比柳渡镇少多少吨", ["2024年石坡乡的春茶是多少吨", "2024年柳渡镇的春茶是多少吨"]),
        # names with a joining or an asking character in them
        ("成都和呼和浩特2023年的GDP谁更高", ["成都2023年的GDP是多少", "呼和浩特2023年的GDP是多少"]),
        ("镇江和南通的各类学校分别是多少所", ["镇江的各类学校是多少所", "南通的各类学校是多少所"]),
    ],
)
def test_what_is_shared_may_stand_anywhere(question: str, parts: list[str]) -> None:
    found = split_question(Query(question, question, None))
    assert found is not None
    assert [part.query.rewritten for part in found.parts] == parts


@pytest.mark.parametrize(
    "question",
    [
        "镇江、南通、产业规划各有多少项",  # of no one shape
        "镇江和南通哪个高",  # higher in what?
    ],
)
def test_where_nothing_is_shared_the_question_stays_whole(question: str) -> None:
    assert split_question(Query(question, question, None)) is None
