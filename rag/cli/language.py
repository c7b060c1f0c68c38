"""The language of the terminal: every phrase stands where it is printed, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str, str], str]


def speaker(language: str) -> Say:
    """``say("没有", "none")`` gives the one of the two that is in ``language``: "zh" or "en"."""

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    return say
