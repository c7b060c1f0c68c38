"""What a follow-up takes from the question before: what it lacks, and nothing where it lacks nothing."""

from __future__ import annotations

import pytest

from rag.answer.question.query import complete, understand
from rag.types import Turn

GDP = "栖霞2023年GDP是多少"
RESERVOIR = "龙脊水库的库容是多少"
DEVICE = "海星K7续航多久"
CERTIFIED = "海星K7通过防爆认证了吗"
BANK = "澄湖农商行手机银行支持人脸登录吗"
GROUP = "青峰集团2022年营收多少"


@pytest.mark.parametrize("before", [GDP, RESERVOIR, DEVICE, CERTIFIED, BANK, GROUP, "栖霞市市长是谁"])
@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "明天的天气如何？",
        "晚饭吃什么",
        "你好",
        "你好呀",
        "谢谢你",
        "好的，谢谢",
        "再见",
        "你是谁",
        "你能做什么？",
        "汀澜县的特产有哪些",
        "汀澜县2021年的旅游收入是多少",
        "云台公司的股价怎么样",
        "如何办理居住证",
        "What is the capital of France?",
    ],
)
def test_what_is_whole_takes_nothing(before: str, question: str) -> None:
    assert complete(before, question) == question


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        # another subject
        (GDP, "那汀澜呢", "汀澜2023年GDP是多少"),
        (GDP, "扬州呢？", "扬州2023年GDP是多少"),
        (GDP, "那扬州市呢", "扬州市2023年GDP是多少"),
        (RESERVOIR, "白石水库呢", "白石水库的库容是多少"),
        (RESERVOIR, "汀澜呢", "汀澜的库容是多少"),
        (DEVICE, "M2呢", "海星M2续航多久"),
        (DEVICE, "那海星M2呢", "海星M2续航多久"),
        (CERTIFIED, "M2呢？", "海星M2通过防爆认证了吗"),
        (GROUP, "海岳集团呢", "海岳集团2022年营收多少"),
        ("一号泵站哪天检修", "二号泵站呢", "二号泵站哪天检修"),
        ("3号线什么时候通车", "5号线呢", "5号线什么时候通车"),
        # of several clauses the one that holds its like, the others as they are
        ("星轨赛车登上掌机，美区数字版卖多少钱", "港区呢", "星轨赛车登上掌机，港区数字版卖多少钱"),
        ("据栖霞省统计局通报，汀澜2023年GDP是多少", "扬州呢", "据栖霞省统计局通报，扬州2023年GDP是多少"),
        ("参加扬州马拉松，半程要交多少报名费", "苏州呢", "参加苏州马拉松，半程要交多少报名费"),
        ("龙脊水库2023年扩建，库容是多少", "2024年呢", "龙脊水库2024年扩建，库容是多少"),
        ("今年前三季度，扬州GDP增长多少", "南通呢", "今年前三季度，南通GDP增长多少"),
        # another year, or another stretch of it
        (GDP, "2024年呢？", "栖霞2024年GDP是多少"),
        (GDP, "去年呢", "栖霞去年GDP是多少"),
        (GDP, "那2024年上半年呢", "栖霞2024年上半年GDP是多少"),
        ("栖霞2023年3月的用电量是多少", "4月呢", "栖霞2023年4月的用电量是多少"),
        (RESERVOIR, "2020年呢", "龙脊水库2020年的库容是多少"),
        # both at once
        (GDP, "汀澜2022年呢", "汀澜2022年GDP是多少"),
        # another indicator, and a measure of the same
        (GDP, "常住人口呢", "栖霞2023年常住人口是多少"),
        (GROUP, "那净利润呢？", "青峰集团2022年净利润多少"),
        (GDP, "同比呢", "栖霞2023年GDP同比增长多少"),
        (GDP, "环比呢？", "栖霞2023年GDP环比增长多少"),
        (GDP, "增速呢", "栖霞2023年GDP增速是多少"),
        (GDP, "目标呢", "栖霞2023年GDP目标是多少"),
        ("东渡大桥什么时候开工", "通车呢", "东渡大桥什么时候通车"),
        # a pronoun
        (RESERVOIR, "它的灌溉面积呢", "龙脊水库的灌溉面积是多少"),
        (GROUP, "它的产能呢？", "青峰集团的产能是多少"),
        (GROUP, "那它的员工有多少", "青峰集团的员工有多少"),
        # yes or no
        (BANK, "指纹呢", "澄湖农商行手机银行支持指纹吗"),
        (BANK, "指纹登录呢", "澄湖农商行手机银行支持指纹登录吗"),
        ("老年模式开放了吗", "语音转账呢", "语音转账开放了吗"),
        ("跨江大桥收费吗", "那隧道呢", "隧道收费吗"),
        ("栖霞有没有地铁", "汀澜呢", "汀澜有没有地铁"),
        # a correction
        (GDP, "不对，我问的是汀澜", "汀澜2023年GDP是多少"),
        (GDP, "不是，我问的是2022年的", "栖霞2022年GDP是多少"),
        (GDP, "我是说常住人口", "栖霞2023年常住人口是多少"),
        (GDP, "错了，是汀澜，不是栖霞", "汀澜2023年GDP是多少"),
        (GDP, "不是栖霞，是汀澜", "汀澜2023年GDP是多少"),
        (GDP, "我问的不是栖霞，是汀澜", "汀澜2023年GDP是多少"),
        (GDP, "不对，我问的是汀澜2021年有多少人口", "汀澜2021年有多少人口"),
        # a whole question with an opening
        (GDP, "那汀澜2021年的旅游收入是多少", "汀澜2021年的旅游收入是多少"),
        (GDP, "另外，青峰集团的总部在哪里", "青峰集团的总部在哪里"),
    ],
)
def test_a_fragment_takes_what_it_lacks(before: str, question: str, whole: str) -> None:
    assert complete(before, question) == whole


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ([GDP, "汀澜呢", "2022年呢"], "汀澜2022年GDP是多少"),
        ([GDP, "汀澜呢", "常住人口呢"], "汀澜2023年常住人口是多少"),
        ([GDP, "谢谢", "汀澜呢"], "汀澜2023年GDP是多少"),
        ([DEVICE, "M2呢", "那它的售价呢"], "海星M2的售价是多少"),
        ([CERTIFIED, "M2呢", "不对，我问的是M3"], "海星M3通过防爆认证了吗"),
    ],
)
def test_a_chain(asked: list[str], whole: str) -> None:
    *before, last = asked
    assert understand(last, [Turn(question) for question in before], None).rewritten == whole
