"""A code that is the beginning of another code is another code, wherever names are compared."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer import verify_answer
from rag.answer.bearing import wanted
from rag.answer.claims.spotted import spot
from rag.answer.claims.verify import verify
from rag.answer.extract import quoted
from rag.answer.question.query import understand
from rag.answer.text.codes import another, codes, stands_in
from rag.answer.text.words import names
from rag.answer.trust import signs
from rag.answer.when.times import times
from rag.types import Verdict

PAIRS = [
    ("KD-3", "KD-3B"),
    ("KD-3", "KD-31"),
    ("KD-3", "KD-3-2"),
    ("KD3", "KD3S"),
    ("v2.4", "v2.4.1"),
    ("LWX 118", "LWX 118.2"),
    ("LW/T 3052-2018", "LW/T 3052-2023"),
    ("LW/T 305", "LW/T 3052"),
    ("3052", "3052a"),
]
SHELF = "水泵KD-3B单价6150元，水泵KD-3单价3820元，都由柳湾泵厂供货。"


@pytest.mark.parametrize(("code", "longer"), PAIRS)
def test_a_code_does_not_stand_in_a_longer_one(code: str, longer: str) -> None:
    if code != "3052":  # letters and digits make a code; a number alone is read as a number
        assert not stands_in(code, f"仓库里有{longer}和别的")
        assert stands_in(code, f"仓库里有{longer}、{code}和别的")
    assert not stands_in(longer, f"仓库里有{code}和别的")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("kd-3", "水泵KD-3单价"),
        ("KD3", "水泵KD-3单价"),
        ("kd 3", "水泵KD-3单价"),
        ("lw/t3052-2023", "LW/T 3052-2023规定"),
        ("LW/T 3052", "LW/T 3052-2023规定"),  # a standard, of whatever year
        ("LWX118.2—2024", "LWX 118.2-2024规定"),
        ("柳湾泵厂", "由柳湾泵厂供货"),
    ],
)
def test_one_code_in_other_writing(written: str, text: str) -> None:
    assert stands_in(written, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LW/T 3052-2023规定", ["LW/T 3052-2023"]),
        ("DB33/T 118.4-2022要求", ["DB33/T 118.4-2022"]),
        ("水泵KD-3B和v2.4.1版", ["KD-3B", "v2.4.1"]),
        ("GDP1.2万亿元，CPI涨2.1%", []),
        ("2024.1.20开馆，14GW硅片", []),
    ],
)
def test_codes_of_a_text(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in codes(text)] == found


def test_whose_price_it_is() -> None:
    assert another("KD-3", SHELF, SHELF.index("6150")) == "KD-3B"
    assert another("KD-3", SHELF, SHELF.index("3820")) == ""
    assert another("KD-3B", SHELF, SHELF.index("3820")) == "KD-3"
    assert another("KD-9", SHELF, SHELF.index("3820")) == ""  # it is not spoken of at all
    for said, question, verdict in (
        ("6150元。", "kd-3单价多少", Verdict.DIFFERS),
        ("3820元。", "kd-3单价多少", Verdict.SUPPORTED),
        ("6150元。", "KD-3B单价多少", Verdict.SUPPORTED),
        ("3820元。", "KD-3B单价多少", Verdict.DIFFERS),
        ("KD-3的单价是6150元。", "", Verdict.DIFFERS),
        ("KD-3的单价是3820元。", "", Verdict.SUPPORTED),
        ("KD-3B的单价是6150元，KD-3的单价是3820元。", "", Verdict.SUPPORTED),
    ):
        assert verify(said, quotations(article(SHELF)), question).verdict is verdict, said


def test_a_figure_of_another_edition_is_none_of_this_one() -> None:
    text = "LW/T 3052-2018《温湿度记录规范》由柳湾质检院起草，记录间隔不得超过15分钟。LW/T 3052-2023自2023年10月1日起代替2018年版，记录间隔改为不超过10分钟。"
    evidence = quotations(article(text))
    for said, right in (
        ("lw/t3052-2023的记录间隔是10分钟。", True),
        ("lw/t3052-2023的记录间隔是15分钟。", False),
        ("LW/T 3052-2018的记录间隔不得超过15分钟。", True),
        ("LW/T 3052-2018的记录间隔不得超过10分钟。", False),
    ):
        found = {verify(said, [item]).verdict for item in evidence}
        assert (Verdict.SUPPORTED in found) is right, said


@pytest.mark.parametrize(("code", "longer"), [pair for pair in PAIRS if pair[0] != "3052"])
def test_a_name_in_the_check_is_the_whole_code(code: str, longer: str) -> None:
    source = f"柳湾泵厂的{longer}由宋立群主持设计。"
    assert verify_answer(f"柳湾泵厂的{longer}由宋立群主持设计。", [source]).verdict is Verdict.SUPPORTED
    assert verify_answer(f"柳湾泵厂的{code}由宋立群主持设计。", [source]).verdict is not Verdict.SUPPORTED


def test_what_a_question_names_is_the_whole_code() -> None:
    assert "kd-3" in names("KD-3单价多少") and [n.text for n in spot("KD-3B单价") if n.kind == "code"] == ["kd-3b"]
    query = understand("KD-3单价多少", [], None)
    (longer,) = quotations(article("水泵KD-3B单价6150元。"))
    (right,) = quotations(article("水泵KD-3单价3820元。"))
    want = wanted(query)
    assert signs(query, want, quoted(longer, query), longer, 0.5).names_missing > 0
    assert signs(query, want, quoted(right, query), right, 0.5).names_missing == 0


def test_the_year_of_a_standard_is_no_time() -> None:
    for text in ("LW/T 3052-2023规定", "LWX212.1—2024规定", "电话0514-2023转"):
        assert times(text, None) == [], text
    assert [(t.first, t.last) for t in times("2021-2023年；2023年；CES2024", None)] == [
        (2021, 2023),
        (2023, 2023),
        (2024, 2024),
    ]
    assert wanted(understand("lw/t3052-2023的间隔是多少", [], None)).years == frozenset()


def test_a_quotation_shows_the_clauses_of_the_code_asked_about() -> None:
    (item,) = quotations(article(SHELF))
    assert "6150" not in quoted(item, understand("kd-3单价多少", [], None)).sentence.text
    assert "3820" not in quoted(item, understand("KD-3B的单价是多少", [], None)).sentence.text
    both = quoted(item, understand("两种水泵单价各是多少", [], None)).sentence.text
    assert "3820" in both and "6150" in both
