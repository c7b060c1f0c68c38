"""Names typed by sound, and names written in Latin letters."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.offer import speaking_of
from rag.answer.question.spelling import mended
from rag.answer.question.translate import chinese_names, translated
from rag.answer.refuse import unknown_name
from rag.types import Query

TEXTS = ["扬州市长潘国强说，新霖飞集团去年开票413亿元。新霖飞集团位于高邮。", "苏州与宿州两地签约。扬州再上台阶。"]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("杨州去年开票多少", "扬州去年开票多少"),
        ("扬洲市长是谁", "扬州市长是谁"),
        ("新林飞去年卖了多少钱", "新霖飞去年卖了多少钱"),
        ("新林飛去年賣了多少錢", "新霖飞去年賣了多少錢"),
    ],
)
def test_a_wrong_character_of_the_right_sound(typed: str, right: str) -> None:
    spelt = mended(typed, TEXTS)
    assert spelt.question == right
    assert len(spelt.changes) == 1
    assert spelt.namesakes == {}


@pytest.mark.parametrize(
    "question",
    [
        "扬州去年开票多少",
        "宿州和苏州签了什么",
        "素州在哪里",  # sounds like 宿州 but for the tone of neither
        "徐州市长是谁",  # another city, though the passages do not know it
        "卖东西的钱怎么处理",
        "栗子里的石子有何作用",
        "What is Yangzhou's target?",
    ],
)
def test_what_is_no_slip_stays(question: str) -> None:
    spelt = mended(question, ["苏州与徐州两地签约。扬州再上台阶。卖东西的前一天。买东西的前一天。合作用心，合作用力。"])
    assert (spelt.question, spelt.changes, spelt.namesakes) == (question, {}, {})


RACE = [
    "高二（3）班梁芸获女子跳高第一名，成绩1米42。高二（5）班梁云获女子铅球第三名。",
    "教练曾国强说，队员们进步很快。曾国强今年带队五年。",
    "海岳集团的产值是30亿元，海月集团的产值是8亿元。海岳集团在澜屿，海月集团在汀澜。",
]


@pytest.mark.parametrize(
    ("question", "typed", "alike"),
    [
        ("梁筠的成绩是多少", "梁筠", ("梁芸", "梁云")),  # of the two, none
        ("谁是梁筠？", "梁筠", ("梁芸", "梁云")),
        ("梁筠老师得了第几名", "梁筠", ("梁芸", "梁云")),
        ("梁筠参加了什么项目", "梁筠", ("梁芸", "梁云")),
        ("曾国墙带队几年了", "曾国墙", ("曾国强",)),  # one alone, and still another person
        ("梁筠和曾国强谁更高", "梁筠", ("梁芸", "梁云")),
        ("海越集团的产值是多少", "海越集团", ("海岳集团", "海月集团")),  # firms too, where more than one is near
    ],
)
def test_a_name_of_its_own_is_not_taken_for_another(question: str, typed: str, alike: tuple[str, ...]) -> None:
    spelt = mended(question, RACE)
    assert spelt.question == question
    assert spelt.changes == {}
    assert {name: set(found) for name, found in spelt.namesakes.items()} == {typed: set(alike)}


@pytest.mark.parametrize(
    "question", ["梁芸的成绩是多少", "曾国强带队几年了", "石坤的成绩是多少", "海月集团的产值是多少"]
)
def test_a_name_that_is_known_or_like_none_stays(question: str) -> None:
    spelt = mended(question, RACE)
    assert (spelt.question, spelt.changes, spelt.namesakes) == (question, {}, {})


def test_a_firm_that_sounds_like_one_alone_is_looked_up_as_that() -> None:
    spelt = mended("清峰集团的产值是多少", ["青峰集团的产值是30亿元。青峰集团在澜屿。"])
    assert (spelt.question, spelt.namesakes) == ("青峰集团的产值是多少", {})


@pytest.mark.parametrize(
    ("question", "text", "asked"),
    [
        ("澄湖电子的首席技术官是谁", "CTO严若衡说，明年投产。", "澄湖电子的CTO是谁"),
        ("澄湖电子的CFO是谁", "首席财务官严若衡说，明年投产。", "澄湖电子的首席财务官是谁"),
        ("澄湖电子的ceo是谁", "首席执行官严若衡说，明年投产。", "澄湖电子的首席执行官是谁"),
        ("澄湖电子的CTO是谁", "CTO严若衡和首席执行官杜蘅出席。", "澄湖电子的CTO是谁"),
        ("澄湖电子的首席技术官是谁", "董事长严若衡说，明年投产。", "澄湖电子的首席技术官是谁"),
        ("澄湖电子的首席技术官是谁", "ACTOR公司明年投产。", "澄湖电子的首席技术官是谁"),
    ],
)
def test_an_office_by_its_other_name(question: str, text: str, asked: str) -> None:
    spelt = mended(question, [text])
    assert spelt.question == asked
    assert bool(spelt.changes) is (question != asked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("梁筠的成绩是多少", "资料中没有“梁筠”，有读音相近的“梁芸”、“梁云”。"),
        ("What did Liang Yun do?", "The articles do not mention 梁筠, but 梁芸 and 梁云, whose name sounds alike."),
    ],
)
def test_the_refusal_names_those_that_sound_alike(text: str, said: str) -> None:
    assert unknown_name(Query(text, "梁筠的成绩是多少", None), {"梁筠": ("梁芸", "梁云")}) == said


def test_where_those_that_sound_alike_are_spoken_of_is_shown() -> None:
    hits = [quotation.hit for quotation in quotations(article(RACE[0]))][:1]
    near = speaking_of(("梁芸", "梁云"), hits, Query("梁筠", "梁筠", None))
    assert [item.sentence.markers for item in near] == [(1,), (2,)]
    assert "梁芸" in near[0].evidence[0].quote
    assert "梁云" in near[1].evidence[0].quote


def test_names_in_latin_letters_are_found_by_their_sound() -> None:
    found = chinese_names("Who is Pan Guoqiang, and what did Xinlinfei of Yangzhou sell?", TEXTS)
    assert found == {"Pan Guoqiang": "潘国强", "Xinlinfei": "新霖飞", "Yangzhou": "扬州"}


def test_what_a_translation_loses_is_put_back() -> None:
    query = Query("What did Yangzhou sell in 2023?", "What did Yangzhou sell in 2023?", None)
    given: list[str] = []

    def ask(messages):  # a model that drops the name and the year
        given.append(str(messages[-1].content))
        return iter(["卖了多少？"])

    assert translated(query, ask, TEXTS).rewritten == "扬州2023年卖了多少？"
    assert "Yangzhou＝扬州" in given[0]


def test_a_model_that_answers_in_english_changes_nothing() -> None:
    query = Query("What is it?", "What is it?", None)
    assert translated(query, lambda _: iter(["It is a thing"]), TEXTS) is query
