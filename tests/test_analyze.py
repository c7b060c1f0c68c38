"""Terms: what a question and a passage must agree on to find each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.analyze import fold, present, question_terms, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("民营经济", ["民营", "营经", "经济"]),
        ("鹅", ["鹅"]),
        ("破，亿", ["破", "亿"]),
        ("䲟又叫", ["䲟又", "又叫", "䲟"]),  # a rare character for itself too
        ("鲎，蟹", ["鲎", "蟹"]),
        ("产 业\n集群", ["产业", "业集", "集群"]),
        ("N型TOPCon电池", ["n", "型", "topcon", "电池"]),
        ("DM4.0", ["dm4.0", "dm", "4"]),
        ("H100", ["h100", "h", "100"]),
        ("2025年", ["2025", "年"]),
        ("20.63 %", ["20.63"]),
        ("１００７４．１", ["10074.1"]),
        ("07月", ["7", "月"]),
        ("3.50与0.5", ["3.5", "与", "0.5"]),
        ("1—2月", ["1", "2", "月"]),
        ("1,234,567.80元", ["1234567.8", "元"]),
        ("1,2,3", ["1", "2", "3"]),
        ("12,34", ["12", "34"]),
        ("2024,1000", ["2024", "1000"]),
        ("Wi-Fi", ["wi", "fi"]),
        ("カメラ", ["カメ", "メラ"]),
        ("", []),
        ("，。！？ … ——", []),
        ("😀🎉", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9,000亿元", "9000亿元"),
        ("９，０００億元", "9000亿元"),
        ("資訊產業的發展", "资讯产业的发展"),
        ("乾隆", "干隆"),
        ("ＴＯＰＣｏｎ", "topcon"),
        ("20.63％", "20.63%"),
        ("５Ｇ網絡", "5g网络"),
    ],
)
def test_spellings_of_the_same_thing_agree(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_a_number_in_a_list_is_no_thousand() -> None:
    """A full-width comma between half-width digits ends a clause: 9 and 100 people, not 9100."""
    assert terms("增加9，100人") == ["增加", "9", "100", "人"]


@pytest.mark.parametrize(
    ("question", "kept", "dropped"),
    [
        ("扬州的开票收入是多少？", {"扬州", "开票", "收入"}, {"是多", "多少", "州的", "的开"}),
        ("哪吒的票房是多少", {"哪咤", "票房"}, {"多少"}),
        ("大会的目的是什么", {"大会", "目的"}, {"什么"}),
        ("何小鹏是谁", {"何小", "小鹏"}, {"是谁"}),
        ("誰發明瞭電燈嗎？", {"电灯"}, {"谁"}),
    ],
)
def test_question_words_do_not_count(question: str, kept: set[str], dropped: set[str]) -> None:
    found = set(question_terms(question))
    assert kept <= found
    assert not dropped & found


def test_a_question_of_question_words_keeps_them() -> None:
    assert question_terms("是什么") == ["是什", "什么"]


def test_question_terms_are_distinct_and_in_order() -> None:
    assert question_terms("经济和经济 2025 2025") == ["经济", "济和", "和经", "2025"]


def test_a_long_word_is_cut() -> None:
    assert terms("a" * 100_000) == ["a" * 64]


@given(st.text())
def test_terms_are_clean_whatever_the_text(text: str) -> None:
    """They are joined with blanks for tantivy, so none may hold one or be empty; folding twice changes nothing."""
    for term in terms(text):
        assert term
        assert len(term.split()) == 1
        assert term == term.strip()


@given(st.text(alphabet="民营经济发展产业 2025,.%亿元abcX，。", max_size=40))
def test_a_text_holds_the_terms_of_its_clauses(text: str) -> None:
    """A clause cut out of a text is found in it: analysis does not look across punctuation."""
    whole = set(terms(text + "。扬州。"))
    assert set(terms(text)) <= whole
    assert fold(fold(text)) == fold(text)


@given(
    st.lists(st.text(alphabet="新桥樓的ab1２0.,， \n通车\0𠀀", max_size=14), max_size=4),
    st.text(alphabet="新桥楼的ab12.0,， 通车𠀀", max_size=14),
)
def test_what_is_present_is_what_the_terms_hold(texts: list[str], question: str) -> None:
    wanted = list(dict.fromkeys(terms(question)))
    expected = [[term in set(terms(text)) for term in wanted] for text in texts]
    assert present(wanted, texts) == expected


@pytest.mark.parametrize(
    ("code", "longer"), [("KD-3", "KD-3B"), ("KD-3", "KD-31"), ("LZ-A-7", "LZ-A-7x"), ("kd-2.4", "KD-2.4.1")]
)
def test_a_code_with_a_dash_is_a_term_that_a_longer_one_does_not_have(code: str, longer: str) -> None:
    (whole,) = [term for term in question_terms(f"{code}单价多少") if "-" in term]
    assert present([whole], [f"水泵{code}单价", f"水泵{longer}单价"]) == [[True], [False]]
    assert whole in terms(f"水泵{code}和{longer}") and whole not in terms(f"水泵{longer}")
    assert {"kd", "3"} <= set(terms("KD-3"))  # its parts are found as well
