"""The 约, 超 and 多 of a figure, put back from the quotation."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.cite import Checked
from rag.answer.exact import exact
from rag.types import AnswerSentence, Verdict


@pytest.mark.parametrize(
    ("quote", "said", "wanted"),
    [
        ("产品销往150多个国家和地区。", "销往150个国家。", "销往150多个国家。"),
        ("全年营收超过32亿元。", "营收32亿元。", "营收超过32亿元。"),
        ("工期约18个月。", "工期18个月。", "工期约18个月。"),
        ("到会500人以上。", "到会500人。", "到会500人以上。"),
        ("全年营收超过32亿元。", "营收突破32亿元。", "营收突破32亿元。"),
        ("全年营收32亿元，利润3亿元。", "营收32亿元。", "营收32亿元。"),
        ("去年约30家，今年30家。", "有30家。", "有30家。"),  # which of the two is meant is not known
        ("来了30多人，走了5人。", "走了5人。", "走了5人。"),
    ],
)
def test_a_figure_is_as_exact_as_its_source(quote: str, said: str, wanted: str) -> None:
    item = Checked(AnswerSentence(said, (1,), Verdict.SUPPORTED), tuple(quotations(article(quote))))
    assert exact(item).sentence.text == wanted
