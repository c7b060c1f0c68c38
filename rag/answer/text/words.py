"""Words of a text: its names, and the terms that carry its meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.answer.text.codes import latin
from rag.answer.text.quantities import fold

_QUOTED = re.compile(r"[「『《“‘]([^」』》”’]{2,24})[」』》”’]")
_PLACE_TAGS = ("ns",)
_NO_NAMES = frozenset(
    "城市 全市 全省 全国 市区 城区 地区 园区 集团 公司".split()
)  # which the dictionary takes for names
_NAME_TAGS = ("ns", "nr", "nt", "nz", "nrt", "nrfg")
# What a question is made of besides its subject. Function words alone; a word that can name a thing is never here.
QUESTION_WORDS = frozenset(
    "多少 什么 哪些 哪个 哪里 哪儿 哪家 哪年 哪天 哪座 哪位 哪几 哪 谁 几 几个 几家 几项 几条 怎么 怎样 怎么样 如何 为什么 为何 何时 是否 有没有 请问 "
    "一下 告诉 我 你 介绍 说明 说 呢 吗 吧 啊 呀 了 的 地 得 是 有 在 和 与 及 或 被 把 对 将 要 会 能 可以 达到 达 到 为 以 "
    "分别 各 都 也 就 还 又 这 那 它 他 她 其 该 此 之 于 从 向 给 让 用 由 等 个 上 下 中 里 大概 大约 左右 资料 文章 文中 报道 提到 "
    "想 知道 了解 看看 请 帮 查 查查 查一下 到底 究竟 具体 今年 去年 明年 多 多大 多长 多久 数 数量 总共 一共 共 成 目前 现在 吗".split()
)


@lru_cache(maxsize=4096)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """Words with their parts of speech (jieba's dictionary and tag set, through rjieba)."""
    import rjieba

    return tuple((str(word), str(tag)) for word, tag in rjieba.tag(text))


def to_simplified(text: str) -> str:
    """Traditional characters to simplified ones, character by character, so that offsets stay true."""
    return text.translate(_simplified_table())


@lru_cache(maxsize=1)
def _simplified_table() -> dict[int, str]:
    from opencc import OpenCC

    converter = OpenCC("t2s")
    table = {}
    for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)):
        char = chr(code)
        simple = converter.convert(char)
        if simple != char and len(simple) == 1:
            table[code] = simple
    return table


def names(text: str) -> set[str]:
    """People, places, organisations, products, titles in quotation marks: what must not be mixed up."""
    folded = to_simplified(fold(text))
    found = {folded[start:end].lower() for start, end in latin(folded) if end - start > 1}
    found |= {match[1] for match in _QUOTED.finditer(folded)}
    found |= {word for word, tag in tagged(folded) if tag in _NAME_TAGS and len(word) > 1}
    return {name for name in found if name not in _NO_NAMES and "第" not in name}


def places(text: str) -> set[str]:
    """Cities, provinces and the like, without 市 and 省 behind them."""
    return {
        (word[:-1] if len(word) > 2 and word[-1] in "市省县区" else word)
        for word, tag in tagged(to_simplified(fold(text)))
        if tag in _PLACE_TAGS and len(word) > 1
    }


def content_words(text: str) -> list[str]:
    """The words of a question that say what it is about, in order, without question words and punctuation."""
    return [
        word
        for word, tag in tagged(to_simplified(fold(text)).lower())
        if tag != "x" and word.strip() and word not in QUESTION_WORDS
    ]


def blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """``text`` with blanks for some of it, so that offsets stay true."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters of the content, in simplified form; Latin words and numbers whole."""
    folded = to_simplified(fold(text)).lower()
    found = set(re.findall(r"[a-z]+[a-z0-9.\-]*|\d+(?:\.\d+)?", folded))
    for stretch in re.findall(r"[\u3400-\u9fff]+", folded):
        found |= {stretch[i : i + 2] for i in range(len(stretch) - 1)} or {stretch}
    return found


_NUMBER_ASKED = re.compile(
    r"多少|(?<!哪)(?<!这)(?<!那)(?<!好)几(?!位数)|多大|多高|占比|比重|增速|how (?:many|much)|what percentage", re.I
)


# 「2022年全国棉花产量」 asks by its last word alone.
_AMOUNT = re.compile(
    r"(?:(?<![质力能])量|额|(?<!效)率|人数|户数|次数|总数|面积|票房|收入|营收|利润|产值|比例|增幅|长度|高度|里程|造价|票价|单价|房价|股价)(?:是|为)?[？?。\s]*$"
)
_ASKED_OTHERWISE = re.compile(
    r"什么|哪|谁|何|怎|吗|为啥|是否|有没有|^请?(?:介绍|谈|说|讲|提升|提高|降低|如果|为了|关于)"
)


def asks_for_number(question: str) -> bool:
    """Is a figure wanted (多少, 几, how many; a question that ends in 产量)? 「哪几个」 wants names."""
    text = to_simplified(question)
    return _NUMBER_ASKED.search(text) is not None or (
        _AMOUNT.search(text) is not None and _ASKED_OTHERWISE.search(text) is None
    )
