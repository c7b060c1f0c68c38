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
        # a limit is put back whole, and only where it is not said in other words
        ("包间加价不得超过20%。", "包间加价20%。", "包间加价不得超过20%。"),
        ("包间加价不得超过20%。", "20%", "不得超过20%"),
        ("包间加价不得超过20%。", "包间加价上限是20%。", "包间加价上限是20%。"),
        ("采样间隔不能逾90秒。", "采样间隔最长90秒。", "采样间隔最长90秒。"),
        ("吊机功率不得超过300千瓦。", "吊机功率最大可以是300千瓦。", "吊机功率最大可以是300千瓦。"),
        ("渡船每班不准超过40人。", "渡船每班上限40人。", "渡船每班上限40人。"),
        ("藻华面积没有超过12平方公里。", "藻华面积12平方公里。", "藻华面积没有超过12平方公里。"),
        ("严禁任何摊位占地超过15平方米。", "摊位占地15平方米。", "摊位占地15平方米。"),
        ("投诉3小时内答复。", "投诉3小时答复。", "投诉3小时内答复。"),
        # times and codes are no figures
        ("头车6时20分，加价不得超过20%。", "头车6时20分。", "头车6时20分。"),
        ("会期为9月3日至5日，共约5天。", "会期到5日。", "会期到5日。"),
        (
            "LW/T 3052-2023规定间隔不超过10分钟。",
            "lw/t3052-2023的间隔是10分钟。",
            "lw/t3052-2023的间隔是不超过10分钟。",
        ),
        (
            "LWX 212.1-2024规定距离为0.8海里。",
            "LWX212.1—2024规定的距离是0.8海里。",
            "LWX212.1—2024规定的距离是0.8海里。",
        ),
        # words that only look like hedges
        ("全年签约20个项目。", "全年有20个项目。", "全年有20个项目。"),
        ("附近3家门店停业。", "有3家门店停业。", "有3家门店停业。"),
        ("节约用水300吨。", "用水300吨。", "用水300吨。"),
        ("补贴为5千元至500万元。", "补贴500万元。", "补贴5千元至500万元。"),
        ("营收约9000亿元。", "9000", "约9000亿元"),
    ],
)
def test_a_figure_is_as_exact_as_its_source(quote: str, said: str, wanted: str) -> None:
    item = Checked(AnswerSentence(said, (1,), Verdict.SUPPORTED), tuple(quotations(article(quote))))
    assert exact(item).sentence.text == wanted
