import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.lines import BLANK
from rag.ingest.reflow import Reflowed, reflow
from rag.types import BlockKind

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
VISIBLE = re.compile(f"[^{BLANK}]")


def kinds(flowed: Reflowed) -> list[tuple[str, str]]:
    return [(block.kind.value, flowed.text[block.start : block.end]) for block in flowed.blocks]


def check(source: str, flowed: Reflowed) -> None:
    """Every promise of ``Reflowed``."""
    offsets: list[int] = []
    for run in flowed.runs:
        assert run.text == len(offsets) and run.length > 0
        offsets += range(run.source, run.source + run.length)
    assert len(offsets) == len(flowed.text)
    for char, offset in zip(flowed.text, offsets, strict=True):
        if char != source[offset]:
            assert char in " \n" and source[offset] in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    used = [offset for char, offset in zip(flowed.text, offsets, strict=True) if VISIBLE.match(char)]
    assert len(used) == len(set(used)) == len(VISIBLE.findall(source))
    position = 0
    for number, block in enumerate(flowed.blocks):
        if number:
            assert flowed.text[position] == "\n"
            position += 1
        assert block.start == position < block.end
        assert "\n" not in flowed.text[block.start : block.end]
        position = block.end
    assert position == len(flowed.text)
    assert bool(flowed.title) == bool(VISIBLE.search(source))


@given(st.text(alphabet="天地玄黄宇宙ab12 \u3000\t\n\n\r\u200b。，：“”（）—-图摄、;.", max_size=400))
@settings(max_examples=300)
def test_promises_hold_for_any_text(source: str) -> None:
    check(source, reflow(source))


@given(st.text(max_size=200))
def test_promises_hold_for_any_characters(source: str) -> None:
    check(source, reflow(source))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_the_seeds(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    flowed = reflow(source)
    check(source, flowed)
    for kind, text in kinds(flowed):
        if kind == "body":
            assert re.search(r"[。！？]”?$", text), text
            assert not re.search(r"[\u4e00-\u9fff] |\d [\u4e00-\u9fff]", text), text
    assert reflow(flowed.text).text == flowed.text


COLUMN = """
 2 月 18 日，扬州召开“新春第
一会”，大会主题确定为民营经济
高质量发展和营商环境的优化提
升，提出“相关政银合作产品支持
民营企业”等7个方面26

项举措，明确具体目标要求，
借鉴省内外有关城市的做法。

扬州：走好产业强市的新路

力争到 2025 年，扬州全市新能
源产业集群开票销售 1850 亿元，
占比超过 50 %。项目均在TOP-
Con上大规模布局，DM4.0 IGBT 模
块将向 5.0 升级，《产 业 发 展 白 皮 书
（2023年）》提到，各地坚持以

“5+2”新兴产业和23条产业链建

设为主抓手，持续推进聚企成链，
形成新的发展格局。

广陵区某公司车间 通讯员供图 某地“绿能港” 记者 张三 摄

扫码关注公众号

高新区
 1—2月，全市新招引项目208个，
完成目标任务的20.63%；开工率
达50%左右，实现了首季开门红。
"""


def test_a_newspaper_column() -> None:
    flowed = reflow(COLUMN)
    check(COLUMN, flowed)
    assert [text for kind, text in kinds(flowed) if kind == "body"] == [
        "2月18日，扬州召开“新春第一会”，大会主题确定为民营经济高质量发展和营商环境的优化提升，"
        "提出“相关政银合作产品支持民营企业”等7个方面26项举措，明确具体目标要求，借鉴省内外有关城市的做法。",
        "力争到2025年，扬州全市新能源产业集群开票销售1850亿元，占比超过50%。项目均在TOP-Con上大规模布局，"
        "DM4.0 IGBT模块将向5.0升级，《产业发展白皮书（2023年）》提到，各地坚持以“5+2”新兴产业和23条产业链建设"
        "为主抓手，持续推进聚企成链，形成新的发展格局。",
        "1—2月，全市新招引项目208个，完成目标任务的20.63%；开工率达50%左右，实现了首季开门红。",
    ]
    assert ("caption", "广陵区某公司车间 通讯员供图 某地“绿能港” 记者 张三 摄") in kinds(flowed)
    assert ("furniture", "扫码关注公众号") in kinds(flowed)
    assert ("heading", "高新区") in kinds(flowed)
    assert flowed.title == "扬州：走好产业强市的新路"


def test_a_heading_in_the_middle_of_a_sentence_goes_behind_it() -> None:
    source = COLUMN.replace("26\n\n项举措", "26\n\n优化环境\n\n工人在车间忙碌 张三 摄\n\n项举措")
    flowed = reflow(source)
    check(source, flowed)
    assert "等7个方面26项举措" in flowed.text
    assert [kind for kind, _ in kinds(flowed)][:3] == ["body", "heading", "caption"]


def test_clean_text_stays_as_it_is() -> None:
    source = (
        "聚力项目建设 跑出发展加速度\n发布时间：2024-03-18 09:12\n　　第一段说的是项目，内容很短。\n"
        "一、总体要求\n　　第二段说的是要求，也不长，却有两句。这是第二句。\n- 第一项内容\n- 第二项内容\n"
        "聚焦科创，激发高质量发展澎湃动能\n量质并举，筑牢高质量发展新基石\n优化环境，鼓劲民营经济再出发\n"
        "第三段没有缩进。\n张三（北京大学）\n李四（清华大学）\n王五（复旦大学）\n"
    )
    flowed = reflow(source)
    check(source, flowed)
    assert [text for _, text in kinds(flowed)] == [line.strip() for line in source.splitlines()]
    assert flowed.title == "聚力项目建设 跑出发展加速度"
    assert reflow(flowed.text).text == flowed.text


def test_wrapped_english() -> None:
    source = (
        "The committee said on Monday that the well-\nknown programme would be extended to all\n"
        "provinces by 2025. Officials from the New\nYork office agreed with the proposal and\npromised to help.\n"
    )
    flowed = reflow(source)
    check(source, flowed)
    assert flowed.text == (
        "The committee said on Monday that the well-known programme would be extended to all provinces by 2025. "
        "Officials from the New York office agreed with the proposal and promised to help."
    )


def test_a_title_without_any_heading_is_the_first_sentence() -> None:
    assert reflow("扬州召开大会，部署全年工作。会议强调创新。").title == "扬州召开大会，部署全年工作"


SENTENCES = [
    "全市新签约落户百亿元项目10个，计划总投资1201亿元。",
    "“要把产业科创摆在更加突出的位置。”市委书记在会上强调，一刻也不能放松。",
    "到2025年，新能源产业规模争取超过2000亿元，成为地标产业。",
    "记者走进生产车间，只见机械臂上下翻飞，一块块电池片整齐下线。",
    "《加快建设制造强市行动方案》提出，聚焦6大主导产业集群和13条新兴产业链。",
    "过去一年，高新技术企业总数达2500家，研发投入增长10%以上。",
    "企业负责人介绍，今年订单已经排到第三季度，工人们三班倒也忙不过来。",
    "好的营商环境就像阳光、水和空气，须臾不可缺少。",
]


@pytest.mark.parametrize("width", [13, 14, 15, 18, 22, 28])
def test_broken_columns_are_put_together(width: int) -> None:
    """Sentences set in a column that is cut by empty lines at any place come out whole, nearly all of them."""
    whole = total = 0
    for seed in range(20):
        chance = random.Random(seed)
        paragraphs = ["".join(chance.sample(SENTENCES, 3)) for _ in range(8)]
        out: list[str] = []
        for paragraph in paragraphs:
            rest, room = paragraph, width - 2
            while rest:
                stop = room
                while stop < len(rest) and (
                    rest[stop] in "，。、；：！？”》%"
                    or rest[stop - 1] in "“《"
                    or (rest[stop].isdigit() and rest[stop - 1].isdigit())
                ):
                    stop += 1
                line, rest, room = rest[:stop], rest[stop:], width
                out.append(re.sub(r"(?<=\d)(?=[个家年条])", " ", line) if chance.random() < 0.3 else line)
                if rest and chance.random() < 0.07:
                    out.append("")
            out.append("")
        source = "\n".join(out)
        flowed = reflow(source)
        check(source, flowed)
        bodies = Counter(text for kind, text in kinds(flowed) if kind == BlockKind.BODY)
        joined = "\n".join(bodies.elements())
        total += sum(len(re.findall(r".+?。”?", paragraph)) for paragraph in paragraphs)
        whole += sum(joined.count(sentence) for sentence in SENTENCES)
    assert whole >= 0.97 * 20 * 8 * 3, f"{whole} of {20 * 8 * 3}"
