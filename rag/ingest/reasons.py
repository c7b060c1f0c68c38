"""Why an article has the date that it has, said in either language.

What is stored is the Chinese sentence (``ArticleDate.reason``); ``explain`` reads it back by the template it was made
from and says the same in English. So an index needs no second column, and old indexes can be explained too.
"""

from __future__ import annotations

import re
from functools import cache

from rag.types import ArticleDate

# Kind of ground → the sentence in Chinese and in English; {} are words of the article, a file or a year. Parts that
# may be missing are templates of their own, joined by 「；」.
_TEMPLATES = {
    "sidecar": ("metadata.toml 里写明“{}”", "metadata.toml says “{}”"),
    "front": ("文件开头写明“{}”", "the head of the file says “{}”"),
    "page": ("网页写明发布于“{}”", "the page says that it was published on “{}”"),
    "name": ("文件名里的日期“{}”", "a date in the file name: “{}”"),
    "line": ("文中写明“{}”", "the text says “{}”"),
    "years": (
        "文中以{}年为当年（“{}…”），{}年为已过（“{}…”）",
        "the text speaks of {} as the current year (“{}…”) and of {} as past (“{}…”)",
    ),
    "dateline": (
        "电头“{}”没有年份，文中最近的数字是“{}”的",
        "the dateline “{}” names no year; the latest figures are those of “{}”",
    ),
    "hand": ("人工填写", "set by hand"),
    "latest": (
        "提到的最近一天是{}月{}日，不早于此",
        "the latest day it speaks of is {}-{}, and it is no earlier than that",
    ),
}
_JOINT = "；"


def because(kind: str, *parts: object) -> str:
    """The reason in Chinese. Raises KeyError for a kind that has no template, IndexError for too few parts."""
    return _TEMPLATES[kind][0].format(*parts)


def explain(date: ArticleDate, language: str = "zh") -> str:
    """The reason for a date; ``language`` is "zh" or "en". A sentence of no known template stays as it is."""
    if language == "zh":
        return date.reason
    said = []
    for part in _parts(date.reason):
        for pattern, english in _readers():
            match = pattern.fullmatch(part)
            if match:
                said.append(english.format(*match.groups()))
                break
        else:
            said.append(part)
    return "; ".join(said)


def _parts(reason: str) -> list[str]:
    """The sentences of a reason: cut where one template ends and 「提到的最近一天…」 begins."""
    head, joint, tail = reason.rpartition(_JOINT + "提到的最近一天")
    return [head, "提到的最近一天" + tail] if joint else [reason]


@cache
def _readers() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("(.*?)".join(map(re.escape, chinese.split("{}"))), re.DOTALL), english)
        for chinese, english in _TEMPLATES.values()
    )
