"""The day on which a question was asked, as people write it into a set."""

from __future__ import annotations

import re
from datetime import date

from rag.answer.text.quantities import fold
from rag.answer.when.resolve import time_spans

# Sets are not strict: 2020-6-30, 2024-1月20日, 20240120, 2024-01-20T08:00:00Z. A time of the day is no matter here.
_FIGURES = re.compile(
    r"(?:(?P<y>\d{4})\s*[-/._年]\s*(?P<m>\d{1,2})\s*[-/._月]+\s*(?P<d>\d{1,2})|(?P<yy>\d{4})(?P<mm>\d\d)(?P<dd>\d\d))"
    r"\s*[日号]?(?:[T\s]\s*\d{1,2}[:：时点].*)?"
)


def written_day(text: str) -> date | None:
    """「2024-1月20日」, "2024/1/20 08:00" and 「二〇二四年一月二十日」 → 20 January 2024; None for what is no day of a calendar.

    A month alone, a stretch and what is counted from a day not known (昨天) are no days either.
    """
    folded = fold(text).strip()
    match = _FIGURES.fullmatch(folded)
    if match is not None:
        try:
            return date(*(int(part) for part in match.groups() if part is not None))
        except ValueError:
            return None
    named = time_spans(folded, None)
    if len(named) != 1 or named[0].text != folded or named[0].interval is None or named[0].interval.days != 1:
        return None
    return named[0].interval.start
