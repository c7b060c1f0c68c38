"""Years, months, days, hours, quarters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answer.claims.context import Line, verbatim
from rag.answer.claims.pool import Pool
from rag.answer.text.cities import cities
from rag.answer.when.moments import Moment, agrees
from rag.types import Claim, Verdict

# By how much another date's surroundings must fit better. A year stands far from what it governs.
MARGIN, MARGIN_YEAR = 0.12, 0.2


def dates(said: Line, there: Pool, titles: Sequence[str], question: str) -> Iterator[Claim]:
    mine = cities(said.text)
    for moment in said.moments:
        if (
            moment.year is None
            and moment.month is None
            and moment.day is None
            and moment.hour is None
            and not moment.part
        ):
            continue
        if moment.impossible:  # 「8月32日」 may be a title, 「分期24月」 no date
            if not any(moment.text in item.line.text for item in there.quoted):
                yield Claim("date", moment.text, None, Verdict.NOT_FOUND)
            continue
        if moment.year is not None and moment.last_year != moment.year and not re.match(r"\d", moment.text):
            continue  # a plan, 近三年
        if moment.relative and moment.month is None and not moment.part:
            continue
        if moment.text in question and _undated(moment, there):
            continue  # what was asked, said again: nothing there tells of which year it speaks
        yield _date(moment, said, there, mine, titles)


def _undated(moment: Moment, there: Pool) -> bool:
    """Do the quotations, from articles of no known date, name no year, and no other month than ``moment``?"""
    if any(item.published or item.year for item in there.placed):
        return False
    named = [other for item in there.quoted for other in item.line.moments]
    return not any(
        other.year is not None or (moment.month is not None and other.month not in (None, moment.month))
        for other in named
    )


def _date(moment: Moment, said: Line, there: Pool, mine: frozenset[str], titles: Sequence[str]) -> Claim:
    around = said.near(moment.start, moment.end)
    undated = replace(moment, year=None, last_year=None) if moment.month is not None or moment.part else None
    known = {m.year for item in there.placed for m in item.line.moments if m.year == m.last_year}
    known |= {item.year for item in there.placed}
    right: list[tuple[float, Moment]] = []
    wrong: list[tuple[float, Moment]] = []
    for item in there.placed:
        if mine and item.cities and not mine & item.cities:
            continue
        for other in item.line.moments:
            fit = item.fit(around, other.start, other.end)
            if moment.year != moment.last_year:
                agreed = (moment.year, moment.last_year) == (other.year, other.last_year) or (
                    moment.year in known and moment.last_year in known
                )
            else:
                agreed = (
                    agrees(moment, other)
                    or bool(undated and other.filled and moment.year in known and agrees(undated, other))
                    or (_since_new_year(moment, other, item.line) and agrees(replace(moment, part=""), other))
                )
            if agreed:
                if item.quoted and verbatim(said, moment, item.line, other):
                    return Claim("date", moment.text, other.text, Verdict.SUPPORTED)
                right.append((fit, other))
            elif _grain(moment) == _grain(other):
                wrong.append((fit, other))
        if (
            item.published is not None
            and agrees(moment, item.published)
            and (moment.day is None or _ISSUED.search(said.text))
        ):
            right.append((0.0, item.published))
    best_wrong = max(wrong, key=lambda w: w[0], default=None)
    if not right:
        if moment.year is not None and any(str(moment.year) in title for title in titles) and moment.month is None:
            return Claim("date", moment.text, moment.text, Verdict.SUPPORTED)
        if best_wrong is not None and best_wrong[0] > 0.3:
            return Claim("date", moment.text, best_wrong[1].text, Verdict.DIFFERS)
        return Claim("date", moment.text, None, Verdict.NOT_FOUND)
    best = max(right, key=lambda r: r[0])
    bound = [t for t in said.spoken if t is not None and t.first == moment.year]
    if bound and moment.month is None and not moment.part:
        return Claim("date", moment.text, best[1].text or moment.text, Verdict.SUPPORTED)  # its figure tells
    margin = MARGIN if moment.month or moment.day or moment.hour else MARGIN_YEAR
    if best_wrong is not None and best_wrong[0] > best[0] + margin and best[0] > 0.0:
        return Claim("date", moment.text, best_wrong[1].text, Verdict.DIFFERS)
    return Claim("date", moment.text, best[1].text or moment.text, Verdict.SUPPORTED)


_UP_TO = re.compile(r"截至到?$|截止到?$")
_STOCK = re.compile(r"累计|总数|总量|存量|保有|共有|已有|常住|余额|规模|总额")


def _since_new_year(moment: Moment, other: Moment, where: Line) -> bool:
    """「1—5月」 is 「截至5月」, where it is not told how many there were by then."""
    return (
        moment.part == "m1"
        and not other.part
        and _UP_TO.search(where.text[: other.start]) is not None
        and not _STOCK.search(where.text)
    )


_ISSUED = re.compile("发布|报道|刊|讯|电|发表|消息|公布")


def _grain(moment: Moment) -> tuple[bool, bool, bool, bool]:
    return moment.month is not None, moment.day is not None, moment.hour is not None, bool(moment.part)
