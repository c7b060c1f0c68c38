"""Questions that ask several things at once, and what is worked out from the answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from answer_samples import article, quotations

from rag.answer.compose import combine, completed, say, short_of, unspoken, with_conflicts
from rag.answer.extract import quoted
from rag.answer.question.parts import Parts, Working, split_question
from rag.answer.refuse import wording
from rag.answer.repair import Settled
from rag.types import Query, Verdict


def query(text: str) -> Query:
    return Query(text, text, None)


def asked(text: str) -> tuple[list[str], Working] | None:
    found = split_question(query(text))
    return None if found is None else ([part.query.rewritten for part in found.parts], found.working)


@pytest.mark.parametrize(
    ("question", "parts", "working"),
    [
        (
            "镇江和南通的港口吞吐量分别是多少？",
            ["镇江的港口吞吐量是多少", "南通的港口吞吐量是多少"],
            Working.NOTHING,
        ),
        (
            "镇江2025年的外贸目标比2024年的高多少？",
            ["镇江2025年的外贸目标是多少", "镇江2024年的外贸目标是多少"],
            Working.DIFFERENCE,
        ),
        (
            "镇江2024年的外贸目标，比南通2023年的外贸总额少多少亿元？",
            ["镇江2024年的外贸目标是多少亿元", "南通2023年的外贸总额是多少亿元"],
            Working.DIFFERENCE,
        ),
        (
            "镇江和南通，哪个城市的外贸目标更高？",
            ["镇江外贸目标是多少", "南通外贸目标是多少"],
            Working.LARGEST,
        ),
        (
            "甲骨文公司收购乙方科技和丙方集团上市，哪个事件更早？",
            ["甲骨文公司收购乙方科技是什么时候", "丙方集团上市是什么时候"],
            Working.EARLIEST,
        ),
        (
            "南湖大会的主题是什么，又释放了什么信号？",
            ["南湖大会的主题是什么", "南湖大会释放了什么信号"],
            Working.NOTHING,
        ),
        (
            "5月6日镇江和南通分别开了什么会？",
            ["5月6日镇江开了什么会", "5月6日南通开了什么会"],
            Working.NOTHING,
        ),
    ],
)
def test_split(question: str, parts: list[str], working: Working) -> None:
    assert asked(question) == (parts, working)


@pytest.mark.parametrize(
    "question",
    [
        "镇江2025年外贸目标是多少？",
        "生物医药和新型医疗器械产业的产值是多少？",  # one thing with an 和 in its name
        "镇江的三大地标产业分别是什么？",
        "为什么镇江和南通要建大桥？",
        "镇江比上年增长了多少？",  # against a time that only the figure knows
        "谁是镇江市长？",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert asked(question) is None


EVIDENCE = quotations(article("镇江今年外贸将冲刺9000亿元。镇江2025年外贸总额过1万亿元。镇江3月开工12个项目。"))


def settled(*numbers: int) -> Settled:
    return Settled([quoted(EVIDENCE[n], query("镇江外贸目标是多少"), whole=True) for n in numbers])


def parts(question: str) -> Parts:
    found = split_question(query(question))
    assert found is not None
    return found


def test_the_difference_is_worked_out_and_cites_both() -> None:
    both = combine(parts("镇江2025年的外贸目标比2024年的高多少？"), [settled(1), settled(0)])
    assert [item.sentence.text for item in both.sentences][-1] == "相差超过1000亿元（超过1万亿元－9000亿元）"
    assert both.sentences[-1].sentence.markers == (1, 2)
    assert both.sentences[-1].sentence.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("镇江2025年外贸{0}9000亿元。镇江2024年外贸8000亿元。", {"": "相差1000亿元（9000亿元－8000亿元）", "约": "相差约1000亿元（约9000亿元－8000亿元）"}),
        ("镇江2025年外贸{0}9000亿元。镇江2024年外贸8000亿元。", {"不足": "相差不到1000亿元（不到9000亿元－8000亿元）"}),
        ("镇江2025年外贸9000亿元。镇江2024年外贸{0}8000亿元。", {"超过": "相差不到1000亿元（9000亿元－超过8000亿元）"}),
        ("镇江2025年外贸逾9000亿元。镇江2024年外贸{0}8000亿元。", {"逾": "相差约1000亿元（超过9000亿元－超过8000亿元）", "近": "相差超过1000亿元（超过9000亿元－近8000亿元）"}),
        ("镇江2025年外贸不超过9000亿元。镇江2024年外贸{0}8000亿元。", {"": "相差至多1000亿元（至多9000亿元－8000亿元）"}),
        ("镇江2025年外贸差额{0}2亿元。镇江2024年外贸差额3亿元。", {"-": "相差5亿元（3亿元－（-2亿元））"}),
    ],
)  # fmt: skip
def test_what_is_worked_out_is_as_exact_as_its_figures(text: str, worked: dict[str, str]) -> None:
    for word, said in worked.items():
        found = quotations(article(text.format(word)))
        both = [Settled([quoted(item, query("镇江外贸目标是多少"), whole=True)]) for item in found]
        told = combine(parts("镇江2025年的外贸目标比2024年的高多少？"), both).sentences
        assert told[-1].sentence.text == said


def test_nothing_is_worked_out_from_different_units() -> None:
    both = combine(parts("镇江2025年的外贸目标比2024年的高多少？"), [settled(1), settled(2)])
    assert len(both.sentences) == 2


def test_a_difference_needs_both_answers() -> None:
    asked = parts("镇江2025年的外贸目标比2024年的高多少？")
    none = combine(asked, [settled(1), Settled([])])
    assert none.sentences == []
    assert "镇江2024年的外贸目标" in none.notes[-1][0]


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("镇江和南通的外贸目标相差多少？", ("南通的数字", "for 南通")),
        ("镇江、南通和泰州的外贸目标一共是多少？", ("南通、泰州的数字", "for 南通, 泰州")),
        ("镇江的外贸目标比南通多多少？", ("南通的数字", "for 南通")),
    ],
)
def test_a_comparison_without_one_side_says_which_and_shows_the_other(question: str, lacks: tuple[str, str]) -> None:
    asked = parts(question)
    offer = short_of(asked, [settled(0), *(Settled([]) for _ in asked.parts[1:])])
    assert offer is not None
    assert offer.lacks == lacks
    assert wording(query(question), offer) == f"资料中没有{lacks[0]}；相近的有：镇江今年外贸将冲刺9000亿元[1]。"
    assert short_of(asked, [Settled([]) for _ in asked.parts]) is None


@pytest.mark.parametrize(
    ("question", "chinese", "english"),
    [
        ("镇江和南通的外贸目标分别是多少？", "资料中没有南通的数字。", "The articles have no figure for 南通."),
        ("镇江和南通的市长分别是谁？", "资料中没有南通的答案。", "The articles have no answer for 南通."),
    ],
)
def test_of_things_asked_side_by_side_the_missing_one_is_named(question: str, chinese: str, english: str) -> None:
    asked = parts(question)
    left = unspoken(asked, settled(0))
    assert [part.label for part in left] == ["南通"]
    for in_chinese, said in ((True, chinese), (False, english)):
        whole = completed(settled(0), [(left[0], Settled([]))], chinese=in_chinese)
        assert [item.sentence.text for item in whole.sentences] == ["镇江今年外贸将冲刺9000亿元。", said]
        assert whole.sentences[-1].sentence.markers == ()
        assert "南通" in whole.notes[-1][0]


def test_a_part_that_was_left_out_is_answered_by_itself() -> None:
    asked = parts("镇江和南通的外贸目标分别是多少？")
    other = quotations(article("南通今年外贸将冲刺4000亿元。", name="b.txt"), first=4)
    more = Settled([quoted(other[0], query("南通的外贸目标是多少"), whole=True)])
    whole = completed(settled(0), [(unspoken(asked, settled(0))[0], more)], chinese=True)
    assert [item.sentence.text for item in whole.sentences] == [
        "镇江今年外贸将冲刺9000亿元。",
        "南通今年外贸将冲刺4000亿元。",
    ]
    assert unspoken(asked, whole) == []


def test_where_nothing_is_answered_nothing_is_said() -> None:
    asked = parts("镇江和南通的外贸目标分别是多少？")
    none = completed(Settled([]), [(part, Settled([])) for part in asked.parts], chinese=True)
    assert none.sentences == []
    assert len(none.notes) == 2


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("107410000000", "元", "1074.1亿元"),
        ("190", "个", "190个"),
        ("65000", "元", "6.5万元"),
        ("12345", "家", "12345家"),
    ],
)
def test_say(value: str, unit: str, said: str) -> None:
    assert say(Decimal(value), unit) == said


def test_another_articles_other_figure_is_shown_beside() -> None:
    first = quotations(article("大桥全长12.6公里。", name="a.txt", title="甲报", year=2024))
    second = quotations(article("大桥全长13.5公里。", name="b.txt", title="乙报", year=2024), first=2)
    asked = query("大桥全长多少公里")
    both = with_conflicts(Settled([quoted(first[0], asked)]), asked, [*first, *second])
    assert [item.sentence.markers for item in both.sentences] == [(1,), (2,)]
    assert "12.6公里" in both.notes[0][0]
    assert "13.5公里" in both.notes[0][0]
    assert "乙报" in both.notes[0][0]


def test_the_same_figure_twice_is_no_conflict() -> None:
    first = quotations(article("大桥全长12.6公里。", name="a.txt"))
    second = quotations(article("大桥全长12.6公里，投资48亿元。", name="b.txt"), first=2)
    asked = query("大桥全长多少公里")
    assert with_conflicts(Settled([quoted(first[0], asked)]), asked, [*first, *second]).notes == []


def test_what_another_article_says_of_something_else_is_not_shown() -> None:
    first = quotations(article("大桥由张建国主持设计，2023年5月6日正式通车。", name="a.txt"))
    second = quotations(article("大桥由张建国主持设计，2023年6月5日正式通车。", name="b.txt"), first=2)
    for asked, differs in ((query("大桥由谁主持设计"), False), (query("大桥哪天正式通车"), True)):
        said = quoted(first[0], asked)
        answer = "大桥由张建国主持设计。" if not differs else "大桥2023年5月6日正式通车。"
        said = replace(said, sentence=replace(said.sentence, text=answer))
        notes = with_conflicts(Settled([said]), asked, [*first, *second]).notes
        assert bool(notes) is differs
