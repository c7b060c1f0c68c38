"""Names typed by sound, and names written in Latin letters."""

from __future__ import annotations

import pytest

from rag.answer.question.spelling import mended
from rag.answer.question.translate import chinese_names, translated
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
    mended_question, changes = mended(typed, TEXTS)
    assert mended_question == right
    assert len(changes) == 1


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
    kept, changes = mended(
        question, ["苏州与徐州两地签约。扬州再上台阶。卖东西的前一天。买东西的前一天。合作用心，合作用力。"]
    )
    assert kept == question
    assert changes == {}


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
