"""What an article numbers is counted where its number is asked for and not said."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.counted import counted
from rag.types import Query, Verdict

HEAD = "澜屿县出台夜市管理措施。"
FOUR = [
    "一是摊位实行登记。二是油烟定期检查。三是增设停车位80个。四是延长公交末班车。",
    "（一）摊位实行登记。（二）油烟定期检查。（三）增设停车位80个。（四）延长公交末班车。",
    "1.摊位实行登记。2.油烟定期检查。3.增设停车位80个。4.延长公交末班车。",
    "一是摊位实行登记；二是油烟定期检查；三是增设停车位80个；四是延长公交末班车。",
]


def ask(question: str, text: str) -> str | None:
    evidence = quotations(article(text))
    found = counted(Query(question, question, None), evidence, list(dict.fromkeys(item.hit for item in evidence)))
    if found is None:
        return None
    assert found.evidence
    assert found.sentence.verdict is Verdict.SUPPORTED
    assert found.sentence.markers == tuple(item.marker for item in found.evidence)
    return found.sentence.text


@pytest.mark.parametrize("items", FOUR)
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("澜屿县夜市管理措施一共有几条？", "共4条。"),
        ("澜屿县出台了多少项夜市管理措施", "共4项。"),
        ("夜市管理措施共几个", "共4个。"),
    ],
)
def test_items_are_counted(items: str, question: str, said: str) -> None:
    assert ask(question, HEAD + items) == said


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("澜屿县夜市管理措施有哪些", HEAD + FOUR[0]),  # asks for no number
        ("汀澜水库大坝有几个泄洪闸", HEAD + FOUR[0]),  # of something else
        ("澜屿县夜市管理措施有几条", HEAD + "一是摊位实行登记。三是增设停车位80个。"),  # one is missing
        ("澜屿县夜市管理措施有几条", HEAD + "摊位实行登记。"),
        ("澜屿县夜市有多少个停车位", HEAD + "增设停车位80个。"),
    ],
)
def test_what_is_not_numbered_is_not_counted(question: str, text: str) -> None:
    assert ask(question, text) is None
