"""A yes that the quotation does not say gives way to its own words."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.cite import check_answer
from rag.answer.repair import settle
from rag.answer.yesno import denied
from rag.types import Query

TEXT = (
    "海星K7已通过防爆认证，续航9小时。海星M2没有申请防爆认证，续航14小时。新版支持人脸登录，不支持指纹登录。"
    "老年模式已经开放，语音转账尚未开通。余额查询免费，跨行转账每笔收费2元。澜屿大桥2023年通车，至今未发生事故。"
)


@pytest.mark.parametrize(
    ("question", "said", "told"),
    [
        ("海星M2通过防爆认证了吗", "是的，海星M2通过了防爆认证。", "海星M2没有申请防爆认证"),
        ("新版支持指纹登录吗", "是的，支持指纹登录。", "不支持指纹登录"),
        ("语音转账开通了没有", "语音转账已经开通。", "语音转账尚未开通"),
        ("语音转账开放了吗", "是的，语音转账开放了。", "语音转账尚未开通"),
        ("跨行转账免费吗？", "是的，跨行转账免费。", "跨行转账每笔收费2元"),
        ("是否支持指纹登录", "支持。", "不支持指纹登录"),
    ],
)
def test_a_yes_that_the_article_denies(question: str, said: str, told: str) -> None:
    evidence = quotations(article(TEXT))
    found = denied(question, said, evidence)
    assert found is not None
    assert told in found.quote
    query = Query(question, question, None)
    for marker in {found.marker, 1}:
        shown = settle(check_answer(f"{said}[{marker}]", evidence, question, None), query, evidence, 0.9)
        assert shown.sentences
        assert all(told in item.sentence.text for item in shown.sentences), marker


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("海星K7通过防爆认证了吗", "是的，海星K7已通过防爆认证。"),
        ("新版支持人脸登录吗", "是的，新版支持人脸登录。"),
        ("老年模式开放了吗", "老年模式已经开放。"),
        ("余额查询免费吗", "免费。"),
        ("海星M2申请防爆认证了吗", "没有申请。"),  # a no
        ("澜屿大桥通车了吗", "澜屿大桥2023年通车。"),  # what is denied is something else
        ("澜屿大桥哪年通车", "2023年。"),  # asks for no yes
    ],
)
def test_what_agrees_stays(question: str, said: str) -> None:
    assert denied(question, said, quotations(article(TEXT))) is None
