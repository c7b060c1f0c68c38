"""What an article corrects gives way to the correction, however often the old was copied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answer_samples import article, quotations

from rag.answer.compose import with_conflicts
from rag.answer.conflict.correction import corrections, with_corrections
from rag.answer.extract import quoted
from rag.answer.repair import Settled
from rag.types import Evidence, Query

FIGURE = "镜湖产业园总投资多少亿元"
OLD = "镜湖产业园总投资35亿元，占地600亩。"


def query(text: str) -> Query:
    return Query(text, text, None)


def library(*texts: str, titles: tuple[str, ...] = (), years: tuple[int | None, ...] = ()) -> list[Evidence]:
    found: list[Evidence] = []
    for number, text in enumerate(texts):
        title = titles[number] if number < len(titles) else f"第{number}报"
        year = years[number] if number < len(years) else 2024
        found += quotations(article(text, name=f"{number}.txt", title=title, year=year), first=len(found) + 1)
    return found


def answered(asked: Query, evidence: list[Evidence], at: int = 0, text: str = "") -> Settled:
    said = quoted(evidence[at], asked)
    if text:
        said = replace(said, sentence=replace(said.sentence, text=text))
    return with_conflicts(Settled([said]), asked, evidence)


@pytest.mark.parametrize(
    "fix",
    [
        "更正：本报3月12日所刊镜湖产业园总投资35亿元有误，应为53亿元。",
        "此前报道镜湖产业园总投资为35亿元，经核实应为53亿元，特此更正。",
        "镜湖产业园总投资应为53亿元，误为35亿元。特此更正。",
        "勘误：镜湖产业园的总投资实为53亿元，不是35亿元。",
        "本报前日报道中，镜湖产业园的总投资“35亿元”应更正为“53亿元”。",
        "镜湖产业园总投资的数字有误，正确数字为53亿元。",
        "更正：镜湖产业园总投资应为53亿元。",
    ],
)
@pytest.mark.parametrize("copies", [1, 3])
def test_a_figure(fix: str, copies: int) -> None:
    evidence = library(*[OLD] * copies, fix)
    shown = answered(query(FIGURE), evidence, text="镜湖产业园总投资35亿元。")
    first = shown.sentences[0]
    assert "53亿元" in first.sentence.text
    assert first.evidence[0].hit.document == f"{copies}.txt"
    assert not any("35亿元" in item.sentence.text and "53亿元" not in item.sentence.text for item in shown.sentences)
    assert any("更正" in note[0] and "53亿元" in note[0] for note in shown.notes)
    assert not any("说法不一" in note[0] for note in shown.notes)


@pytest.mark.parametrize(
    ("asked", "old", "fix", "right"),
    [
        (
            "澜屿大桥的总设计师是谁",
            "澜屿大桥的总设计师是严松柏。",
            "更正：澜屿大桥的总设计师“严松柏”应为“严松白”。",
            "严松白",
        ),
        (
            "澜屿大桥的总设计师是谁",
            "澜屿大桥的总设计师是严松柏。",
            "澜屿大桥的总设计师应为杜蘅，误作严松柏，特此更正。",
            "杜蘅",
        ),
        (
            "海星杯帆船赛的冠军是谁",
            "海星杯帆船赛冠军是汀澜队的苏景明。",
            "组委会勘误：海星杯帆船赛冠军应为澜屿队的方以宁，此前报道有误。",
            "方以宁",
        ),
        ("澜屿大桥哪天通车", "澜屿大桥5月6日通车。", "更正：澜屿大桥通车的日期“5月6日”有误，应为6月5日。", "6月5日"),
        ("澜屿大桥有几条车道", "澜屿大桥有4条车道。", "昨日报道中澜屿大桥有4条车道的说法有误，应为6条车道。", "6条"),
    ],
)
def test_a_name_a_day_a_count(asked: str, old: str, fix: str, right: str) -> None:
    evidence = library(old, old, fix)
    shown = answered(query(asked), evidence, text=old)
    assert right in shown.sentences[0].sentence.text
    assert any(right in note[0] for note in shown.notes)


def test_an_answer_that_is_right_already_says_what_it_replaces() -> None:
    evidence = library(OLD, "更正：镜湖产业园总投资35亿元有误，应为53亿元。")
    shown = answered(query(FIGURE), evidence, at=1, text="镜湖产业园总投资53亿元。")
    assert [item.sentence.text for item in shown.sentences] == ["镜湖产业园总投资53亿元。"]
    assert shown.notes == [
        (
            "“35亿元”已更正为“53亿元”（《第1报》2024-03-18）",
            '"35亿元" was corrected to "53亿元" (《第1报》2024-03-18)',
        )
    ]


@pytest.mark.parametrize(
    "other",
    [
        "更正：栖岭产业园总投资35亿元有误，应为53亿元。",  # another park
        "镜湖产业园总投资应为全市最大，目标要更高。",  # corrects nothing
        "镜湖产业园负责人说，办事流程有误的，应为群众及时办理。",
    ],
)
def test_what_corrects_something_else_changes_nothing(other: str) -> None:
    evidence = library(OLD, other)
    said = "镜湖产业园总投资35亿元。"
    assert answered(query(FIGURE), evidence, text=said).sentences[0].sentence.text == said


def test_a_newer_article_is_not_put_right_by_an_older_correction() -> None:
    evidence = library(OLD, "更正：镜湖产业园总投资35亿元有误，应为53亿元。", years=(2024, 2022))
    said = "镜湖产业园总投资35亿元。"
    assert answered(query(FIGURE), evidence, text=said).sentences[0].sentence.text == said


def test_a_correction_among_the_hits_comes_into_the_evidence() -> None:
    evidence = library(OLD, "更正启事。镜湖产业园总投资35亿元有误，应为53亿元。")
    hits = list(dict.fromkeys(item.hit for item in evidence))
    found = with_corrections(query(FIGURE), evidence[:1], hits)
    assert [item.quote for item in found] == [OLD, "镜湖产业园总投资35亿元有误，应为53亿元。"]
    assert [item.marker for item in found] == [1, 2]
    assert with_corrections(query(FIGURE), found, hits) == found
    assert [(fix.wrong, fix.right) for fix in corrections(query(FIGURE), found)] == [("35亿元", "53亿元")]


def test_copies_of_one_statement_are_shown_once() -> None:
    evidence = library(OLD, OLD, "镜湖产业园总投资53亿元，占地600亩。", OLD)
    shown = answered(query(FIGURE), evidence, at=2, text="镜湖产业园总投资53亿元。")
    assert [item.sentence.text for item in shown.sentences][1:] == [OLD]
    assert shown.notes[0][0].count("35亿元") == 1
