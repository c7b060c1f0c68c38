"""When an article was published: from a line at its head, its file name, or what it says of days and years.

None rather than a guess: a wrong date turns every 今年 and 去年 of an article into a wrong year.
"""

from __future__ import annotations

import re
from datetime import date

from rag.ingest.reasons import because
from rag.types import ArticleDate

_HEAD = 600  # characters at either end of a text in which a line of a web page's head may stand
_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:([-_.年])(\d{1,2})[-_.月](\d{1,2})日?|(\d{2})(\d{2})(?:[01]\d|2[0-3])?(?:[0-5]\d){0,2})(?!\d)"
)
_NAME_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})年(\d{1,2})月(?!\d)")
_DAY = r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_LABEL = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:发布时间|发布日期|发表时间|发表日期|发布于|发表于|Published|Date)\s*[:：]\s*{_DAY}"
)
_LINE_START = re.compile(
    rf"^[\s（(【\[]*{_DAY}[\s,，|]*(?:\d{{1,2}}:\d{{2}}|来源|作者|星期|正文|编辑|记者|$)", re.MULTILINE
)
# Weaker: 「时间：」 may be that of an event, 「更新时间」 that of a later edit.
_WEAK_LABEL = re.compile(rf"(?<![\u4e00-\u9fff])(?:更新时间|时间|日期)\s*[:：]\s*{_DAY}")
_SOURCE = re.compile(rf"(?:来源|稿源|作者)[:：]\s*[^\s\d]{{2,16}}\s*{_DAY}")
_DATELINE = re.compile(rf"(?:新华社|本报|中新社|人民网|新华网|[\u4e00-\u9fff]{{2,6}}网)[^\d。\n]{{0,10}}{_DAY}[电讯]")
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d{2})\s*年(?![代版])")
_CLAUSE_END = re.compile("[。！？；\n]")
# 「到2025年」「力争2025年」「2024—2026年」: a goal or a span, no statement about the year of writing.
_GOAL = re.compile(r"(?:到|至|截至|截止|力争|争取|确保|目标|预计|计划|有望|将于|将在|拟于|[—–~～-]|早在|规划|前)\s*$")
_SPAN_AFTER = re.compile(
    r"\s*(?:[—–~～至到-]+\s*(?:19|20)\d{2}|底?[前之以]|末|后|底|第?[二三四]季度|下半年|年底|起|版)"
)
# 「2024年，集团将…」「2024年徐州的发展重点：」: the year stands alone at the start of a clause, and something is to come in it.
_AHEAD = re.compile(
    r"，[^，。；]{0,14}?(?:将(?!近|军|士|领)|力争|争取|确保|计划|拟|准备|打算|冲刺)|，?注定|[^，。；\d]{0,8}(?:发展重点|重点任务|工作重点|目标任务)"
    r"|全?[市省县区国年][^，。；]{0,10}将"
)
_NAMED_AHEAD = re.compile(r"(?:将|把)\s*$")  # 「将2024年确定为“实干争先年”」
_PLAN = re.compile(r"[^》。]{0,20}(?:行动方案|工作要点|工作方案|实施方案|行动计划|工作计划|重点工作|政府工作报告)》")
_CLAUSE_START = re.compile(r"(?:^|[，。；：！？、”\n（(“《]|和|而|而在)\s*$")
# A year told as over is told whole: 「2023年，…实现…413亿元」, not 「2023年5月」.
_DONE = re.compile(
    r"(?:，|全年|度)?[^，。；\d]{0,24}(?:实现|完成|达到?|增长|下降|累计|总额|总量|总值|收入|产值|销量|产量|获评|获批|入选|突破|新增|[是为]\d)"
    r"[^。；]{0,30}(?:\d|再创|新高|首位|第一|全面)"
)
_SHOWN_AHEAD = re.compile(r"将|力争|争取|确保|计划|预计|有望|目标|冲刺|要")
_OTHER_YEAR = re.compile(r"(?:去年|上年|前年|明年|次年|同年|当年|翌年|(?:19|20)\d{2}\s*年)[^。；\n]{0,6}$")
_MONTH_DAY = re.compile(r"(?<![\d.])(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*[至—–~～-]+\s*(\d{1,2})\s*日)?")
_COMING = re.compile(r"(?:将于|将在|定于|拟于|计划于|预计|截止到?|报名|将|有望|最迟|明年)[^。，；]{0,6}$")
_SHORT_DATELINE = re.compile(r"(?<![\d年至到截—–-])(?<!年\s)(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:[电讯]|消息[，：:])")
_REPORTED = re.compile(r"(?<![\d.])((?:19|20)\d{2})\s*年\s*(第?[一二三四1-4]季度|上半年|下半年)")
_COMPARED = re.compile(r"[比较与同]\s*$")
_REPORT_DAYS = 110  # from the end of a reported period to the article that speaks of it


def publication_date(name: str, text: str) -> ArticleDate | None:
    """The date of an article, or None where nothing in its file name or text tells.

    Day: a line such as 「发布时间：2024-03-18 09:12」 at the head; else a date in the file name; else such a line at the
    foot, or a dateline (「新华社南京2024年3月18日电」). Month or year: inferred from the text; ``reason`` then says on
    what grounds. Reasons are in Chinese; ``reasons.explain`` says them in English.
    """
    return (
        _stated(text[:_HEAD], (_LABEL, _LINE_START))
        or _named(name)
        or _stated(text[:_HEAD], (_WEAK_LABEL, _SOURCE, _DATELINE))
        or _stated(text[-_HEAD:], (_LABEL, _LINE_START, _WEAK_LABEL, _SOURCE))
        or _from_dateline(text)
        or _inferred(text)
    )


def _stated(part: str, patterns: tuple[re.Pattern[str], ...]) -> ArticleDate | None:
    for pattern in patterns:
        match = pattern.search(part)
        found = _date(*match.groups()[:3]) if match else None
        if match and found is not None:
            return ArticleDate(found, "day", because("line", " ".join(match.group().split())))
    return None


def _named(name: str) -> ArticleDate | None:
    match = _NAME.search(name)
    if match:
        found = _date(match[1], match[3] or match[5], match[4] or match[6])
        if found is not None:
            return ArticleDate(found, "day", because("name", match.group()))
    match = _NAME_MONTH.search(name)
    found = _date(match[1], match[2], "1") if match else None
    return ArticleDate(found, "month", because("name", match.group())) if match and found else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _from_dateline(text: str) -> ArticleDate | None:
    """The day of a dateline without a year (「新华社南京7月18日电」), in the year of the latest figures reported.

    「2023年第二季度」 or 「2023年上半年」 is news for some months after it ends. Whole dates are no such evidence: of the
    dates that lie up to 40 days before the dateline's day, 31 in 77 stood there because that day is an anniversary.
    """
    line = _SHORT_DATELINE.search(text[:_HEAD])
    if line is None:
        return None
    latest: tuple[date, str] | None = None
    for match in _REPORTED.finditer(text[:200_000]):
        before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 14]
        if _GOAL.search(before) or _COMPARED.search(before) or _SHOWN_AHEAD.search(before[-4:] + after):
            continue
        year = int(match[1])
        quarter = "一二三四1234".find(match[2][-3]) % 4 if "季" in match[2] else 1 if "上" in match[2] else 3
        end = date(year + (quarter == 3), (3 * quarter + 3) % 12 + 1, 1)  # the day after its last
        if latest is None or end > latest[0]:
            latest = end, match.group()
    if latest is None:
        return None
    end, words = latest
    for year in (end.year, end.year + 1):
        day = _date(str(year), line[1], line[2])
        if day is not None and 0 <= (day - end).days <= _REPORT_DAYS:
            later = any(int(match[1]) > year for match in _YEAR.finditer(text) if _past(text, match))
            return None if later else ArticleDate(day, "day", because("dateline", line.group(), "".join(words.split())))
    return None


def _past(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 20]
    return not (_GOAL.search(before) or _SPAN_AFTER.match(after) or _SHOWN_AHEAD.search(before + after))


def _inferred(text: str) -> ArticleDate | None:
    """The year of writing, from statements about it; the month from the latest day that is past in them.

    The year Y is taken only where the text looks ahead in it (「Y年，集团将…」), reports Y-1 or Y itself as past, and
    reports no later year as past. A goal (「到2025年」) says nothing about the year of writing.
    """
    ahead: dict[int, str] = {}
    done: dict[int, str] = {}
    dated = 0  # the latest year of a whole date that is no goal
    for match in _YEAR.finditer(text[:200_000]):
        before = text[max(0, match.start() - 8) : match.start()]
        stop = _CLAUSE_END.search(text, match.end())
        after = text[match.end() : min(stop.start() if stop else len(text), match.end() + 60)]
        follow = _YEAR.search(after)
        after = after[: follow.start()] if follow else after
        year = int(match[1])
        phrase = (match.group() + after[:12]).rstrip("，：“《")
        if _NAMED_AHEAD.search(before) and re.match(r"[^，]{0,2}(?:确定|定|作)为", after):
            ahead.setdefault(year, phrase)
        elif _GOAL.search(before) or _SPAN_AFTER.match(after):
            continue
        elif re.match(r"\s*\d{1,2}\s*月", after):
            dated = max(dated, year) if not _SHOWN_AHEAD.search(before + after[:20]) else dated
        elif _PLAN.match(after) or (_CLAUSE_START.search(before) and _AHEAD.match(after)):
            ahead.setdefault(year, phrase)
        elif _CLAUSE_START.search(before) and _DONE.match(after) and not _SHOWN_AHEAD.search(after[:24]):
            done.setdefault(year, phrase)
    past = max(done, default=0)
    year = past + 1
    if year not in ahead or dated > year or min(each for each in ahead if each >= past) < year:
        return None
    ground = because("years", year, ahead[year], past, done[past])
    day = _latest_day(text, year)
    if day is None:
        return ArticleDate(date(year, 1, 1), "year", ground)
    return ArticleDate(day, "month", f"{ground}；{because('latest', day.month, day.day)}")


def _latest_day(text: str, year: int) -> date | None:
    """The latest day without a year that the text speaks of as past."""
    days: list[date] = []
    for match in _MONTH_DAY.finditer(text[:200_000]):
        before = text[max(0, match.start() - 14) : match.start()]
        if (_OTHER_YEAR.search(before) and not before.rstrip().endswith(f"{year}年")) or _COMING.search(before):
            continue
        found = _date(str(year), match[1], match[3] or match[2])
        if found is not None:
            days.append(found)
    if any(day.month <= 4 for day in days) and any(day.month >= 10 for day in days):
        days = [day for day in days if day.month <= 4]  # a winter's article: November was last year's
    return max(days, default=None)
