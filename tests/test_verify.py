"""A claim is borne out, differs, or is not there."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.cite import check_answer
from rag.answer.claims.verify import verify
from rag.types import Verdict

TEXT = (
    "甲城紧盯2025年外贸过万亿目标，今年外贸将冲刺9000亿元。"
    "乙城市委书记李明表示，2023年乙城实现外贸8074.1亿元，增长10.5%。"
    "海安集团董事长王芳说，集团去年营收413亿元，税收8.5亿元。"
    "项目生产的QX5.0模块覆盖150多个国家和地区，全球占有率达八成。"
)
TEXT = TEXT.replace("甲城", "南通").replace("乙城", "镇江")
EVIDENCE = quotations(article(TEXT))


@pytest.mark.parametrize(
    "sentence",
    [
        "南通2025年外贸目标是过万亿元。",
        "南通2025年外贸目标是1万亿元。",
        "南通今年外贸将冲刺9000亿元。",
        "南通2024年外贸将冲刺9,000亿元。",
        "2023年镇江实现外贸8074.1亿元，增长10.5％。",
        "镇江市委书记是李明。",
        "海安集团2023年营收413亿元。",
        "QX5.0模块全球占有率达80%。",
    ],
)
def test_supported(sentence: str) -> None:
    check = [verify(sentence, [item], year=2024) for item in EVIDENCE]
    assert any(c.verdict is Verdict.SUPPORTED for c in check), [c.claims for c in check]


@pytest.mark.parametrize(
    "sentence",
    [
        "南通2025年外贸目标是9000亿元。",  # this year's figure for the next
        "南通今年外贸将冲刺8000亿元。",  # another figure
        "镇江今年外贸将冲刺9000亿元。",  # another city's figure
        "2023年镇江实现外贸8074.1万元。",  # another unit
        "2022年镇江实现外贸8074.1亿元。",  # another year
        "2023年镇江外贸增长15.5%。",
        "镇江市委书记是王芳。",  # another person
        "海安集团2023年营收513亿元。",
        "QX6.0模块全球占有率达80%。",  # another product
        "无锡集团2023年营收413亿元。",
    ],
)
def test_not_supported(sentence: str) -> None:
    for item in EVIDENCE:
        assert verify(sentence, [item], year=2024).verdict is not Verdict.SUPPORTED, item.quote


def test_a_different_figure_is_named() -> None:
    claims = verify("南通今年外贸将冲刺8000亿元。", [EVIDENCE[0]], year=2024).claims
    wrong = [claim for claim in claims if claim.verdict is Verdict.DIFFERS]
    assert [claim.found for claim in wrong] == ["9000亿元"]


def test_nothing_cited_is_not_found() -> None:
    assert verify("南通很好。", []).verdict is Verdict.NOT_FOUND


def test_other_words_altogether() -> None:
    assert verify("这座城市的博物馆每周一闭馆休息。", [EVIDENCE[0]]).verdict is Verdict.NOT_FOUND


def test_a_figure_of_seven_months_is_not_that_of_one() -> None:
    document = article("2023年1—7月，南湖汽车共交付75,023台。2023年7月，南湖汽车交付20,462台。", year=2023)
    evidence = quotations(document)
    for said, verdict in (
        ("南湖汽车2023年7月交付75,023台。", Verdict.DIFFERS),
        ("南湖汽车2023年7月交付20,462台。", Verdict.SUPPORTED),
        ("南湖汽车2023年1—7月交付75,023台。", Verdict.SUPPORTED),
    ):
        assert verify(said, evidence).verdict is verdict, said


def test_a_comma_within_a_figure_parts_no_clauses() -> None:
    evidence = quotations(article("2023年1—7月，南湖汽车共交付75,023台。2023年7月，南湖汽车交付20,462台。", year=2023))
    (checked,) = check_answer("南湖汽车2023年7月交付75,023台。", evidence, "南湖汽车2023年7月交付多少台", 2023)
    assert checked.sentence.verdict is not Verdict.SUPPORTED
