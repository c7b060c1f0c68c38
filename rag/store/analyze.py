"""Text → search terms, the same for passages and questions. Pure: no index is needed to try it.

Chinese is cut into overlapping pairs of characters: no dictionary, so no name or new word is ever missing from it.
A rare character is a term by itself too. Numbers and Latin words stay whole. Width, case, and traditional characters are folded, so that 「９，０００億元」
and 「9000亿元」 give the same terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

# Scripts written without spaces: Han with its extensions, 々〇, kana, hangul.
_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_NUMBER = r"\d+(?:\.\d+)?"

# A comma (full width only between full-width digits) in front of three digits, as in 9,000 and 1,234,567.
_THOUSANDS = re.compile(r"(?<![\d.])(?:[0-9]{1,3}(?:,[0-9]{3})+|[０-９]{1,3}(?:[,，][０-９]{3})+)(?!\d)")
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_LETTER = rf"[^\W_{_HAN}]"
_WORD = rf"{_LETTER}(?:{_LETTER}|(?<=\d)\.(?=\d))*"
_OTHER = rf"(?P<code>[a-z]+\d*(?:-{_WORD})*-\d(?:{_LETTER}|(?<=\d)\.(?=\d))*)|(?P<number>{_NUMBER})(?!{_LETTER})|(?P<word>{_WORD})"
_TOKEN = re.compile(rf"(?P<han>[{_HAN}]+)|{_OTHER}")
_NO_PAIR = re.compile(rf"(?P<han>(?<![{_HAN}])[{_HAN}](?![{_HAN}]))|{_OTHER}")
_PAIR = re.compile(rf"[{_HAN}]{{2}}")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PART = re.compile(rf"{_NUMBER}|[^\W\d_]+")
# What makes a question a question says nothing about its passage. Cut out (a gap, so that no pair spans it), hit@1 of
# BM25 alone goes .961 → .973 on CMRC 2018, .930 → .938 on DRCD, .865 → .867 on ChronoQA (all questions of the
# development halves). 哪吒 and 目的 are words of their own; 何 and 几 stay, being surnames and parts of names too.
_QUESTION_WORDS = re.compile(
    r"请问|为什么|是什么|什么|多少|哪(?![吒咤])[些个里]?|怎么|怎样|如何|谁|[吗呢](?!\w)|(?<!目)的"
)
VERSION = 3  # raise when ``terms`` changes: what was made with another is made again
_LONGEST = 64  # characters of a Latin word; longer ones are data, not words


def terms(text: str) -> list[str]:
    """The search terms of a text, in its order, repeated as they repeat.

    Runs of Chinese give every pair of neighbours (a run of one, the character itself) and each rare character once more,
    blanks inside a run not counted; numbers give themselves without thousands separators and idle zeros; Latin words give themselves in
    lower case, and where they hold digits (DM4.0, FL-7B) their parts too. Punctuation and emoji give nothing.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(_GAP.sub("", fold(text))):
        token = match.group()
        if match.lastgroup == "han":
            found += [token[i : i + 2] for i in range(len(token) - 1)] or [token]
            if len(token) > 1:
                found += [character for character in token if rare(character)]
        else:
            found += _others(match)
    return found


def present(wanted: Sequence[str], texts: Sequence[str]) -> list[list[bool]]:
    """For each text, which of the ``wanted`` terms are among its ``terms``.

    A third of the time of cutting every text into its terms: most terms are pairs, and a pair is there where its
    characters stand side by side.
    """
    is_pair = [_PAIR.fullmatch(term) is not None for term in wanted]
    found = []
    # "\0" is no space and stands in no article: one pass folds all texts and keeps them apart.
    for text in _GAP.sub("", fold("\0".join(text.replace("\0", "。") for text in texts))).split("\0"):
        others = set() if all(is_pair) else {t for match in _NO_PAIR.finditer(text) for t in _others(match)}
        others.update(term for term in wanted if len(term) == 1 and term in text and rare(term))
        found.append([term in (text if pair else others) for term, pair in zip(wanted, is_pair, strict=True)])
    return found[: len(texts)]


def _others(match: re.Match[str]) -> list[str]:
    """Terms of a token that is no run of Chinese (or of one character)."""
    token = match.group()
    if match.lastgroup == "han":
        return [token]
    if match.lastgroup == "number":
        return [_plain(token)]
    found = [token[:_LONGEST]]
    if match.lastgroup == "code":  # FL-7 is the beginning of FL-7B, and another thing
        return found + [term for part in token.split("-") for term in terms(part)]
    parts = _PART.findall(token[:_LONGEST])
    if len(parts) > 1:
        found += [_plain(part) if part[0].isdecimal() else part for part in parts]
    return found


def question_terms(text: str) -> list[str]:
    """The distinct search terms of a question, in its order, question words (什么, 多少, 吗…) left out.

    A question that is nothing but question words keeps them.
    """
    found = terms(_QUESTION_WORDS.sub("，", fold(text))) or terms(text)
    return list(dict.fromkeys(found))


def fold(text: str) -> str:
    """``text`` in half width, lower case and simplified characters, thousands separators removed.

    Not of the same length as ``text``: no offsets can be carried over.
    """
    text = _THOUSANDS.sub(lambda match: re.sub("[,，]", "", match.group()), text)
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())


@cache
def rare(character: str) -> bool:
    """Is it a Chinese character beyond the 3,755 common ones (level one of GB/T 2312-1980)?

    A rare character is often the name of the thing asked for (「鲎是什么」): its pair with whatever word of the question
    stands beside it is in no passage. On the development halves, weights as before, hit@1 of CMRC 2018 .9845 → .9851
    and recall@5 .9975 → .9981; DRCD and ChronoQA within one question.
    """
    if not _IDEOGRAPH.fullmatch(character):
        return False
    try:
        return character.encode("gb2312")[0] >= 0xD8  # rows 16–55 hold level one
    except UnicodeEncodeError:
        return True


def _plain(number: str) -> str:
    """A number without idle zeros: 07 → 7, 3.50 → 3.5."""
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


@cache
def _simplified() -> dict[int, str]:
    """Traditional character → simplified, from OpenCC's t2s, one character at a time.

    One at a time because a question is a piece of a text: OpenCC's phrases turn 乾 into 干 or keep it (乾隆) by its
    neighbours, and a question may end in between. Making the table takes about 30 ms.
    """
    import opencc

    convert = opencc.OpenCC("t2s").convert
    table = {}
    for first, last in ((0x3400, 0x9FFF), (0x20000, 0x323AF)):
        for code in range(first, last + 1):
            simple = convert(chr(code))
            if simple != chr(code):
                table[code] = simple
    return table
