"""Is the same thing said, or its opposite? 没有 and 未, 增长 and 下降, 进口 and 出口.

What is said of how large a figure is at most or at least (「不得超过30%」) denies nothing: ``Quantity.bound`` tells.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answer.text.quantities import quantities
from rag.answer.text.words import tagged

# Words that turn a sentence round. Words that merely begin with 不 or 无 (不断, 不仅, 无论, 无锡) are none of them.
_NEGATORS = frozenset(
    "不 没 没有 未 未能 未曾 并未 尚未 从未 从不 从没 不会 不能 不可 不再 不是 并非 不曾 无法 不要 不准 不得 不宜 不予 不必 无需 无须 毋须 决不 绝不 毫不 不愿 不想 "
    "不应 不应该 不该 不可能 没能 没法 并不 并没有 并没 并不是 尚无 暂无 暂未 仍未 还未 还没有 还没 拒绝 不肯 未必 未有 无 非 毫无 绝非 绝不会 不用 难以".split()
)
_LACKING = frozenset("没有 没 无 尚无 暂无 毫无 并没有 还没有".split())
_HELPING = frozenset(
    "将 会 能 能够 可以 可 再 被 把 对 向 在 为 是 已 已经 曾 要 得到 进行 太 很 完全 全部 有 过 任何 直接 必须 应 应该 应当 需 需要 予以".split()
)
# Groups of words that say the opposite of each other. A sentence that uses one side where its source uses only the
# other says the opposite.
_OPPOSITES: tuple[tuple[str, str], ...] = (
    ("已经|已", "尚未|并未|还未|从未|没有|未(?!来|必|知|免)"),
    (
        "(?<!负)增长|增加|上升|上涨|提高|提升|增至|升至|涨至|涨幅|增幅|攀升|走高|回升|大涨|上调|上浮|飙升|激增|扩大",
        "负增长|下降|减少|下跌|下滑|降低|跌幅|降幅|降至|跌至|减至|回落|走低|大跌|下调|下浮|缩小|锐减|暴跌|缩减",
    ),
    ("超过|超|高于|多于|大于|逾|突破", "不足|低于|少于|小于|不到|未达"),
    ("盈利|净赚|扭亏为盈", "亏损|净亏"),
    ("支持|赞成|同意|拥护", "反对|抵制|不支持|不赞成"),
    ("进口", "出口"),
    ("买入|买进|购入|收购", "卖出|出售|抛售"),
    ("流入", "流出"),
    ("最高|最大|最多", "最低|最小|最少"),
    ("最早|首次|第一次|首个|首家", "最晚|最后一次|末次"),
    ("允许|准许|解禁", "禁止|不准|严禁"),
    ("成功|获胜|战胜|击败|夺冠", "失败|落败|不敌|负于|输给|惜败"),
    ("上午|凌晨|早上|清晨", "下午|晚上|傍晚|夜间|夜里"),
    ("开始|启动|开工|开幕", "结束|停止|停工|闭幕|终止"),
    ("男子|男性|男孩|男单|男双|男队|他", "女子|女性|女孩|女单|女双|女队|她"),
    ("净买入|增持", "净卖出|减持"),
    ("顺差", "逆差"),
    ("合法", "非法|违法"),
    ("领先", "落后"),
    ("早于|之前|以前", "晚于|之后|以后"),
    ("省内|国内|境内", "省外|国外|境外|海外"),
    ("加入", "退出"),
    ("乐观", "悲观"),
    ("承认|证实", "否认"),
    ("安全", "危险"),
    ("放宽|放松", "收紧|加强管制"),
    ("延长|延期|推迟", "缩短|提前"),
)
_SIDES = tuple((re.compile(one), re.compile(other)) for one, other in _OPPOSITES)


_NOT_DENYING = frozenset(
    "不断 不仅 不过 不同 不少 不久 不错 不得不 不但 不只 不光 不管 不论 不如 不止 不乏 不足 未来 没收 不动产 不锈钢 不懈 不一 不妨 不惜 不禁 不时 不料 不满 不良 不幸 不利".split()
)
_NOT_REALLY = re.compile(r"不(?:断|仅|得不)")
_FORBIDDEN = re.compile("禁止|严禁|避免|防止|不许")
_MODAL = re.compile(
    r"(?:并|还|仍|从|也|都|绝|决)?[不没未](?:会|能|可|可以|能够|应|应该|该|要|得|是|再|想|愿|肯|敢|曾|有|必)(?:有|以)?"
)
UP, DOWN = _SIDES[1]
_RISES = re.compile(rf"(?:{UP.pattern})[了为至到]?$")
# Which way a figure goes, by the word nearest before it.
_TREND = re.compile(rf"(?P<down>{DOWN.pattern}|亏损|净亏|逆差)|(?P<up>{UP.pattern}|盈利|净赚|扭亏为盈|利润|盈余|顺差)")


def trend(lead: str) -> tuple[int, str]:
    """−1 where what stands before a figure says that it is a loss or a fall, 1 for a gain or a rise, else 0; and the word."""
    words = list(_TREND.finditer(lead))
    return (-1 if words[-1]["down"] else 1, words[-1][0]) if words else (0, "")


@lru_cache(maxsize=4096)
def negated(text: str) -> tuple[tuple[str, bool | None], ...]:
    """Words of a clause that could be denied, each with whether it is; None: it may be, from farther off."""
    found: list[tuple[str, bool | None]] = []
    denied: bool | None = False
    lacked: int | None = None  # from which word on things are said to be lacking
    for word, tag in tagged(text):
        if not word.strip():
            continue
        if word in _NEGATORS or _MODAL.fullmatch(word):
            denied = denied is not True
            lacked = len(found) if word in _LACKING else None
        elif (
            word == "的" and lacked is not None
        ):  # 「没有某某的信息」 does not deny 某某; 「没有采纳某某的意见」 does 采纳
            found[lacked:] = [(known, None) for known, _ in found[lacked:]]
            lacked = None
        elif word in ("是", "有", "会", "能", "为"):
            found.append((word, denied))
        elif tag in ("x", "w"):
            denied = False
        elif tag[0] in "vanizlbtsjeg" and word not in _HELPING:
            found.append((word, denied))
            if word[0] in "未不没" and 1 < len(word) < 4 and tag[0] != "n" and word not in _NOT_DENYING:
                found.append((word[1:], not denied))  # 未定, 不成熟
            if lacked is not None and tag[0] not in "nztbsje":
                lacked = None
            denied = None if denied is not False else False
    return tuple(found)


def denies(text: str) -> bool:
    """Is there a word in it that may turn round what follows?"""
    return _FORBIDDEN.search(text) is not None or any(word in _NEGATORS for word, _ in tagged(text))


def unbound(text: str) -> str:
    """Without what stands beside its figures and says how exact they are; a rise by a negative figure is a fall."""
    for figure in reversed(quantities(text)):
        first, last = figure.around
        before = _RISES.sub("负增长", text[:first]) if figure.value < 0 else text[:first]
        text = before + text[figure.start : figure.end] + text[last:]
    return text


def opposite(said: str, source: str) -> tuple[str, str] | None:
    """(claimed word, its opposite in ``source``) where ``said`` turns something round that ``source`` says."""
    said, source = unbound(said), unbound(source)
    for pair in _SIDES:
        for mine, theirs in (pair, pair[::-1]):
            claimed = mine.search(said)
            if claimed and not theirs.search(said) and not mine.search(source):
                there = theirs.search(source)
                if there:
                    return claimed[0], there[0]
    return None


def denial(said: str, source: str) -> tuple[str, str] | None:
    """(as claimed, as the source has it) for a word that one of the two denies and the other does not."""
    said, source = unbound(said), unbound(source)
    there: dict[str, set[bool | None]] = {}
    for word, sign in negated(source):
        there.setdefault(word, set()).add(sign)
    any_there = any(True in signs for signs in there.values())
    said = _NOT_REALLY.sub("", said)
    claimed = negated(said)
    for word, sign in claimed:
        signs = there.get(word)
        if signs is not None and sign is not None and sign not in signs and None not in signs:
            return (f"不{word}", word) if sign else (word, f"不{word}")
    if (
        any(word in _NEGATORS for word, _ in tagged(said))
        and any(sign for _, sign in claimed)
        and not any_there
        and not _DENYING.search(source)
    ):
        word = next(word for word, sign in claimed if sign)
        return f"不{word}", word
    return None


_DENYING = re.compile(r"不|未|没|无|非|否|拒|禁|停|免|缺|难|零|少|失败|取消|除|仅|只")
