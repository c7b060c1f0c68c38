"""昨天, 去年, 上个月 and 本周 of a question are the asker's, and the reader is told which days that are."""

from __future__ import annotations

from datetime import date

import pytest
from answer_samples import article, quotations

from rag.answer.compose import told_times
from rag.answer.extract import quoted
from rag.answer.prompt import answer_messages
from rag.types import Query

TUESDAY = date(2024, 6, 4)


@pytest.mark.parametrize(
    ("question", "word", "meant"),
    [
        ("昨天镜湖开了什么市", "昨天", "2024年6月3日"),
        ("前天谁到了镜湖", "前天", "2024年6月2日"),
        ("镜湖去年的粮食产量是多少", "去年", "2023年"),
        ("上个月镜湖港的吞吐量是多少", "上个月", "2024年5月"),
        ("本周镜湖有哪些会", "本周", "2024年6月3日至9日"),
        ("上周五镜湖停水了吗", "上周五", "2024年5月31日"),
        ("本季度镜湖新开几家店", "本季度", "2024年4—6月"),
        ("镜湖3月的用电量是多少", "3月", "2024年"),
    ],
)
def test_the_asker_s_days(question: str, word: str, meant: str) -> None:
    asked = Query(question, question, TUESDAY)
    note = (f"“{word}”按提问的日子理解为{meant}", f'"{word}" is counted from the day of asking: {meant}')
    assert told_times(asked, ()) == [note]
    assert f"{word}（{meant}）" in str(answer_messages(asked, ())[-1].content)  # and so is the model


@pytest.mark.parametrize("question", ["镜湖2023年的粮食产量是多少", "2024年6月3日镜湖开了什么市", "镜湖的市长是谁"])
def test_what_says_all_needs_no_note(question: str) -> None:
    assert told_times(Query(question, question, TUESDAY), ()) == []


def test_without_a_day_of_asking_the_articles_year_is_meant() -> None:
    asked = Query("镜湖今年的粮食产量是多少", "镜湖今年的粮食产量是多少", None)
    shown = [quoted(quotations(article("今年镜湖粮食产量44万吨。", year=2021))[0], asked)]
    assert told_times(asked, shown)[0][0] == "“今年”按文章的日期（2021年）理解"
