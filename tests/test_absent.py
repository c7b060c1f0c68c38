"""The subject is there and what is asked of it is not: no invented word and no beside-the-point figure bears a tick."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from answer_samples import article, quotations

from rag.answer.answering import of_another_day
from rag.answer.bearing import unsaid, wanted
from rag.answer.cite import check_answer
from rag.answer.repair import Settled, settle
from rag.types import Evidence, Query, Verdict

LIBRARY = quotations(
    article(
        "青屿港务局今年投用2座新码头，吞吐能力提高12%。局长沈怀瑾说，港区绿化率达到38%。"
        "港务局大楼外墙由海州建工承建，工期16个月。",
        title="青屿港务局投用新码头",
    )
)

# what a model made up, or took from a sentence on something else, for what the article does not say
ABSENT = [
    ("青屿港务局的吉祥物是什么？", "青屿港务局的吉祥物是海豚[1]。"),
    ("青屿港务局的局歌叫什么？", "青屿港务局的局歌叫远航之歌[1]。"),
    ("青屿港务局的副局长姓什么？", "青屿港务局的副局长姓欧阳[2]。"),
    ("青屿港务局有多少名员工？", "青屿港务局有38%的员工[2]。"),
    ("青屿港务局的年利润是多少？", "青屿港务局的年利润是16个月的工期[3]。"),
    ("青屿港务局的食堂由谁承包？", "青屿港务局的食堂由海州建工承包[3]。"),
]


def settled(question: str, said: str, yes: float, asked: list[Sequence[Evidence]] | None = None) -> Settled:
    query = Query(question, question)

    def look(evidence: Sequence[Evidence]) -> float:
        if asked is not None:
            asked.append(evidence)
        return yes

    return settle(check_answer(said, LIBRARY, question, None), query, LIBRARY, 0.8, look)


@pytest.mark.parametrize(("question", "said"), ABSENT)
def test_what_is_asked_for_and_stands_nowhere_is_not_answered(question: str, said: str) -> None:
    assert settled(question, said, 0.4).sentences == []


@pytest.mark.parametrize(("question", "said"), ABSENT[:3])
def test_an_invented_word_is_not_found(question: str, said: str) -> None:
    (checked,) = check_answer(said, LIBRARY, question, None)
    assert checked.sentence.verdict is Verdict.NOT_FOUND
    assert any(claim.kind == "word" and claim.verdict is Verdict.NOT_FOUND for claim in checked.sentence.claims)


@pytest.mark.parametrize(("question", "said"), ABSENT[:3])
def test_an_invented_word_is_not_shown_whatever_the_second_look_says(question: str, said: str) -> None:
    assert settled(question, said, 0.95).sentences == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("青屿港务局投用了多少座新码头？", "青屿港务局投用了2座新码头[1]。"),
        ("青屿港务局的吞吐能力提高了多少？", "吞吐能力提高12%[1]。"),
        ("青屿港务局局长是谁？", "沈怀瑾[2]。"),
        ("青屿港务局大楼外墙由谁承建？", "由海州建工承建[3]。"),
        ("青屿港区的绿化率是多少？", "38%[2]。"),
    ],
)
def test_what_the_article_says_is_shown_without_a_second_look(question: str, said: str) -> None:
    asked: list[Sequence[Evidence]] = []
    (item, *_) = settled(question, said, 0.9, asked).sentences
    assert item.sentence.verdict is Verdict.SUPPORTED
    assert not unsaid(wanted(Query(question, question)), LIBRARY)


@pytest.mark.parametrize("question", ["青屿港务局新码头的运力涨了多少？", "青屿港务局新码头的能耐大了多少？"])
def test_said_in_other_words_it_is_for_the_second_look_to_tell(question: str) -> None:
    said = "吞吐能力提高12%[1]。"
    asked: list[Sequence[Evidence]] = []
    assert settled(question, said, 0.9, asked).sentences
    assert asked
    assert settled(question, said, 0.4).sentences == []


@pytest.mark.parametrize(("question", "said"), ABSENT[3:])
def test_a_figure_or_name_of_something_else_is_no_answer_without_the_second_look(question: str, said: str) -> None:
    assert unsaid(wanted(Query(question, question)), LIBRARY)
    asked: list[Sequence[Evidence]] = []
    settled(question, said, 0.9, asked)
    assert asked or settled(question, said, 0.9).sentences == []


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("盐城市的市长电话是多少？", "电话"),
        ("云岭县有多少名教师？", "教师"),
        ("小河桥全长多少米？", "全长"),
        ("云岭县为什么停工？", ""),  # a reason has no name of its own
        ("云岭县通车了吗？", ""),
        ("云岭县怎么去？", ""),
    ],
)
def test_the_thing_asked_for(question: str, head: str) -> None:
    assert wanted(Query(question, question)).head == head


@pytest.mark.parametrize(
    ("question", "text", "there"),
    [
        ("张某以什么罪名被刑拘？", "张某因涉嫌盗窃被刑事拘留。", True),  # shortened
        ("云岭县的常住人口是多少？", "云岭县人口36万。", True),
        ("云岭县的出生率是多少？", "云岭县人口36万。", False),
        ("云岭县的年产值是多少？", "云岭县产值36亿元。", True),
        ("云岭县的产能是多少？", "云岭县产业园的能耗下降。", False),  # both characters, of two other words
    ],
)
def test_a_thing_is_said_with_most_of_its_name(question: str, text: str, there: bool) -> None:
    assert unsaid(wanted(Query(question, question)), quotations(article(text))) is not there


TWO = quotations(
    article(
        "鹿溪水库库容8600万立方米，被鉴定为二类坝。白茅水库1992年建成，坝高47米，被鉴定为三类坝。",
        title="鹿溪、白茅两水库安全鉴定",
    )
)


@pytest.mark.parametrize(
    ("question", "said", "looks"),
    [
        ("白茅水库的库容是多少？", "8600万立方米[1]。", True),  # the title names both, the quotation the other
        ("鹿溪水库的库容是多少？", "8600万立方米[1]。", False),
    ],
)
def test_a_name_that_only_the_title_has_is_for_the_second_look(question: str, said: str, looks: bool) -> None:
    query, asked = Query(question, question), list[Sequence[Evidence]]()

    def look(evidence: Sequence[Evidence]) -> float:
        asked.append(evidence)
        return 0.2

    shown = settle(check_answer(said, TWO, question, None), query, TWO, 0.8, look).sentences
    assert bool(asked) is looks
    assert bool(shown) is not looks


@pytest.mark.parametrize(
    ("question", "said", "other"),
    [
        ("2022年3月18日青屿港发生了什么？", "2024年3月18日一台起重机倾斜。", True),
        ("2022-03-18青屿港发生了什么？", "2022年3月18日一台起重机倾斜。", False),
        ("2022年3月18日青屿港发生了什么？", "2022年3月19日一台起重机倾斜。", True),
        ("2022年3月18日青屿港发生了什么？", "一台起重机倾斜。", False),
        ("青屿港哪天发生了事故？", "2024年3月18日一台起重机倾斜。", False),
    ],
)
def test_what_happened_on_another_day_is_not_what_was_asked(question: str, said: str, other: bool) -> None:
    assert of_another_day(Query(question, question), said) is other


@pytest.mark.parametrize("thing", ["限重20吨", "限高20米", "限速60公里"])
def test_what_is_limited_still_tells_two_names_apart(thing: str) -> None:
    """「限重」 bounds the figure, and is what is said of the bridge."""
    found = quotations(article(f"临江桥评为B级，{thing}。临湖桥评为C级，已加固。望江桥评为D级，已封闭。"))
    (checked,) = check_answer(f"望江桥{thing}。", found, "望江桥有什么限制？", None)
    assert any(claim.kind == "name" and claim.verdict is Verdict.DIFFERS for claim in checked.sentence.claims)
