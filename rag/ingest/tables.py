"""Lines of a table: which they are, where their cells end, and which of them names the columns.

Cells are parted by bars, by tabs, by wide gaps (two spaces, a full-width one) or, in a table of numbers, by single spaces.
Gaps make a row only where the lines beside it have as many: a page of two columns has wide gaps too, and sentences in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import mean, median

from rag.ingest.cells import BAR, WIDE, Cut, by_bars, by_gaps, by_runs_of_tabs, by_spaces, by_tabs
from rag.ingest.columns import NARROWEST, SLACK
from rag.ingest.lines import CJK, CLOSING, OPENING, Line, finished, open_pairs, width
from rag.types import BlockKind

_RULE = re.compile(r"(?=.*(?:-{2}|:-|─|━|═|={3}))[\s|:+\-─━═=┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝│┃║]{3,}")
_CLAUSES = re.compile(r"[，。；！？]")
_MOST_CLAUSES = 0.2  # of the lines of a table, that hold a mark of a sentence; of prose nearly all do
_WIDEST = 24.0  # em; a cell of a table without bars or tabs
# A unit by itself, or a mark that belongs to what stands before it: justified text has spaces around its numbers.
_LOOSE = frozenset("年月日号时分秒点亿万千百元个家项次倍届期%％、—-至到第")

_NUMBER = re.compile(r"[-−－+＋±~～约近超<>≤≥]?\d[\d,.]*")
_DATE = re.compile(
    r"(?:\d{2,4}\s*[年/.\-])?\s*\d{1,2}\s*[月/\-]\s*(?:\d{1,2}\s*[日号]?)?|\d{4}[年/.\-]\d{1,2}(?:[月/.\-]\d{1,2}日?)?|(?:星期|周)[一二三四五六日天]"
)
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?::\d{2})?(?:\s*[-—–~～至]+\s*\d{1,2}[:：]\d{2})?")
_NOTHING = re.compile(r"[-—–/\\·.…*×√○●无]*")
_YEAR = re.compile(r"(?:19|20)\d{2}")
# What the first line of a table without numbers is known by: names of columns.
_NAME = re.compile(
    r"(?:名称?|[称号期间量额数率价址位类型目标别级式龄比务门校站员师者地省市县区次码段度]|种类|产地|课程|教室|内容|备注|说明|单位|电话|地点|城市|学院|车站"
    r"|部门|岗位|结果|奖项|作品|口味|颜色|尺寸|用途|费用|状态|情况|得分|成绩|关系)(?:[（(].*[)）])?$"
)
_NAMES = 0.5  # of the cells of a first line, that such words are
_LONGEST_NAME = 16.0  # em


def is_rule(text: str) -> bool:
    """A line drawn between the rows of a table."""
    return _RULE.fullmatch(text) is not None


def table_lines(lines: Sequence[Line]) -> dict[int, BlockKind]:
    """Which lines are of a table: index → TABLE_ROW, TABLE_HEAD (it names the columns), FURNITURE (a rule between rows)."""
    found: dict[int, BlockKind] = {}
    at = 0
    failed: dict[Cut, int] = {}
    while at < len(lines):
        run = _run(lines, at, failed)
        if run is None:
            at += 1
            continue
        stop, cut = run
        places = [i for i in range(at, stop) if not is_rule(lines[i].text)]
        found |= {i: BlockKind.FURNITURE for i in range(at, stop) if is_rule(lines[i].text)}
        found |= dict.fromkeys(places, BlockKind.TABLE_ROW)
        texts = [[lines[i].text[s.start : s.end] for s in cut(lines[i].text)] for i in places]
        ruled = len(places) > 1 and places[1] - places[0] > 1  # a rule sets it apart from the others
        if len(places) > 1 and (ruled or _names_columns(texts, strict=cut is by_gaps)):
            found[places[0]] = BlockKind.TABLE_HEAD
        at = stop
    return found


def _run(lines: Sequence[Line], at: int, failed: dict[Cut, int]) -> tuple[int, Cut] | None:
    """Where the table that begins with line ``at`` ends, and how its lines are cut; None where none begins there.

    ``failed``: up to where lines that are cut so are known to be none, for a long page to be looked at once.
    """
    for starts, cut, holds in (
        (_has_bars, by_bars, _of_bars),
        (_has_tabs, by_tabs, _of_tabs),
        (_has_gaps, by_gaps, _of_gaps),
        (_has_spaces, by_spaces, _of_spaces),
    ):
        if at < failed.get(cut, 0) or not starts(lines[at].text):
            continue
        stop = at + 1
        alike = cut in (by_gaps, by_spaces)
        size = len(cut(lines[at].text))
        while stop < len(lines) and starts(lines[stop].text) and _beside(lines, at, stop):
            if alike and len(cut(lines[stop].text)) != size:
                break
            stop += 1
        if holds(lines, at, stop):
            if cut is by_tabs and len({len(by_tabs(line.text)) for line in lines[at:stop]}) > 1:
                cut = by_runs_of_tabs
            return stop, cut
        failed[cut] = stop
    return None


def _beside(lines: Sequence[Line], start: int, at: int) -> bool:
    """Whether line ``at`` goes on with a table: no empty line before it, or one between all of its lines."""
    if lines[at].chunk == lines[at - 1].chunk:
        return at - 1 == start or lines[at - 1].chunk == lines[at - 2].chunk
    alone = at + 1 == len(lines) or lines[at + 1].chunk != lines[at].chunk
    return alone and lines[at].chunk - lines[start].chunk == at - start


def _has_bars(text: str) -> bool:
    return is_rule(text) or len(BAR.findall(text)) > 1 or (len(BAR.findall(text)) == 1 and text[0] not in "|│┃║｜")


def _has_tabs(text: str) -> bool:
    return "\t" in text


def _has_gaps(text: str) -> bool:
    return WIDE.search(text) is not None


def _has_spaces(text: str) -> bool:
    return " " in text


def _of_bars(lines: Sequence[Line], start: int, stop: int) -> bool:
    run = [line for line in lines[start:stop] if not is_rule(line.text)]
    if run and all(BAR.match(line.text) and len(by_bars(line.text)) > 1 for line in run):
        return True
    rows = [by_bars(line.text) for line in run]
    if len(run) < 2 or len({len(row) for row in rows}) > 1 or not _few_clauses(run):
        return False
    return len(run) < stop - start or (len(rows[0]) > 2 and all(cell.end > cell.start for row in rows for cell in row))


def _of_tabs(lines: Sequence[Line], start: int, stop: int) -> bool:
    run = lines[start:stop]
    if len(run) == 1:
        return not _CLAUSES.search(run[0].text) and run[0].width <= 2 * _WIDEST and not _in_prose(lines, start)
    alike = len({len(by_tabs(line.text)) for line in run}) == 1
    return (alike or _few_clauses(run)) and not _page(run)


def _of_gaps(lines: Sequence[Line], start: int, stop: int) -> bool:
    run = lines[start:stop]
    cut = [[line.text[s.start : s.end] for s in by_gaps(line.text)] for line in run]
    if len(run) < 2 or not _few_clauses(run) or not all(_could_be(cell) for row in cut for cell in row):
        return False
    near = [*lines[max(0, start - 1) : start], *lines[stop : stop + 1]]
    if any(line.chunk in (run[0].chunk, run[-1].chunk) and _has_gaps(line.text) and _prose(line) for line in near):
        return False
    valued = any(_kind(cell) for row in cut for cell in row[1:])
    if len(run) < 3 or not valued:
        if _in_prose(lines, start) or _page(run):
            return False
        if len(cut[0]) == 2 and len(run) < 3 and not valued:  # the two halves of a headline
            return any(len(gap) > 1 for line in run for gap in WIDE.findall(line.text))
    return True


def _of_spaces(lines: Sequence[Line], start: int, stop: int) -> bool:
    """A table of numbers: in some column, behind the first, each line but the first has one."""
    run = lines[start:stop]
    cut = [[line.text[s.start : s.end] for s in by_spaces(line.text)] for line in run]
    if len(run) < 2 or len(cut[0]) < 3 - (len(run) > 2) or _in_prose(lines, start):
        return False
    cells = [cell for row in cut for cell in row]
    if any(_CLAUSES.search(cell) or not _could_be(cell) or width(cell) > _WIDEST / 2 for cell in cells):
        return False
    if not all(CJK.search(cell) or _kind(cell) for cell in cells):
        return False
    columns = list(zip(*cut, strict=True))
    if any(all(cell in _LOOSE for cell in column[1:]) for column in columns):
        return False
    least = 1 if len(run) > 2 else 2
    return sum(all(_kind(cell) for cell in column[1:]) for column in columns[1:]) >= least


def _could_be(cell: str) -> bool:
    """Not a piece torn out of a sentence: no bracket or quotation left open, no mark that nothing begins or ends with."""
    bare = cell.strip()
    return (
        width(cell) <= _WIDEST
        and not open_pairs(bare)
        and not (bare and (bare[0] in CLOSING + "：:、" or bare[-1] in OPENING + "、"))
        and sum(mark in OPENING for mark in bare) == sum(mark in CLOSING for mark in bare)
    )


def _in_prose(lines: Sequence[Line], at: int) -> bool:
    """Does the line before, or the one before that, begin a sentence that goes on here?"""
    before = [line for line in lines[max(0, at - 2) : at] if line.chunk == lines[at].chunk]
    return (
        bool(before) and not finished(before[-1].text) and before[-1].text[-1] not in "：:" and any(map(_prose, before))
    )


def _page(run: Sequence[Line]) -> bool:
    """A page of two columns: the left one is full in nearly every line, or broken off in sentences, and sentences run on."""
    left = [re.split(r"\t|[ \u3000\u00a0]{2}|\u3000", line.text, maxsplit=1)[0] for line in run]
    usual = median(map(width, left))
    full = sum(abs(width(each) - usual) <= SLACK for each in left)
    broken = sum(_CLAUSES.search(each) is not None and not finished(each) for each in left)
    runs_on = full >= 0.6 * len(left) or broken > _MOST_CLAUSES * len(left)
    return usual >= NARROWEST and runs_on and any(map(_prose, run))


def _few_clauses(run: Sequence[Line]) -> bool:
    return sum(_CLAUSES.search(line.text) is not None for line in run) <= _MOST_CLAUSES * len(run)


def _prose(line: Line) -> bool:
    return _CLAUSES.search(line.text) is not None


def _kind(cell: str) -> str:
    """What kind of value a cell is: a number ("#", with what it counts), a date, a time of day; "" for words."""
    if not cell or _NOTHING.fullmatch(cell):
        return ""
    if _CLOCK.fullmatch(cell):
        return "clock"
    if _DATE.fullmatch(cell):
        return "date"
    number = _NUMBER.match(cell)
    return f"#{cell[number.end() :].strip()}" if number and len(cell) - number.end() <= 6 else ""


def _names_columns(rows: Sequence[Sequence[str]], *, strict: bool) -> bool:
    """Does the first line of a table name its columns?

    It does where the cells below are values of a kind that it has not; in a table of words, where it is made of names of
    columns. ``strict``: not else; a list of people set in rows has none.
    """
    first, rest = rows[0], rows[1:]
    if len(first) < 2 or any(width(cell) > _LONGEST_NAME for cell in first) or len(set(first)) < len(first):
        return False
    shift = 1 if all(len(row) == len(first) + 1 for row in rest) else 0  # the corner above the labels is empty
    if len(first) == 2 and not shift:  # 「项目⇥某大桥」, 「总投资⇥58亿元」: each line tells another thing
        kinds = {_kind(row[1]) for row in rest if len(row) > 1 and not _NOTHING.fullmatch(row[1])}
        if len(kinds) > 1 or (len(rest) == 1 and not _is_name(first[1])):
            return False
    told = False
    for place, head in enumerate(first):
        below = [row[place + shift] for row in rest if place + shift < len(row) and row[place + shift]]
        values = [kind for kind in map(_kind, below) if kind]
        if not below or len(values) <= len(below) / 2:
            continue
        own = _kind(head)
        years = _YEAR.fullmatch(head) is not None and not all(_YEAR.fullmatch(cell) for cell in below)
        if own and not years and (own in values or own == "#"):
            return False
        told = True
    if told:
        return True
    below = [cell for row in rest for cell in row if cell]
    named, others = mean(map(_is_name, first)), mean([*map(_is_name, below)] or [1])
    if named >= _NAMES and named > others:
        return True
    grid = all(2 <= len(cell) <= 4 and CJK.match(cell) for cell in [*first, *below])
    return not strict and len(rows) > 2 and not grid and len({len(row) for row in rows}) == 1


def _is_name(cell: str) -> bool:
    return len(cell) < 12 and _NAME.search(cell) is not None
