"""How Chinese articles and questions name a time: what a time begins with, and how far relative words step."""

from __future__ import annotations

import re

from rag.answer.when.timeparts import COUNT, DASH, DAY, PART

YEAR_STEPS = {"大前年": -3, "今年": 0, "本年度": 0, "本年": 0, "年内": 0, "去年": -1, "昨年": -1, "前年": -2}
YEAR_STEPS |= {"明年": 1, "来年": 1, "后年": 2}
ENGLISH_YEARS = {"this year": 0, "last year": -1, "next year": 1}
# Counted from the year last spoken of, not from the date: 「2023年…，比上年增长」 means 2022.
TOLD_STEPS = {"上年度": -1, "上一年": -1, "上年": -1, "同年": 0, "当年": 0, "次年": 1, "翌年": 1, "下一年": 1}
DAY_STEPS = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨晨": -1,
    "今天": 0,
}
DAY_STEPS |= {
    "今日": 0,
    "今晚": 0,
    "今晨": 0,
    "今早": 0,
    "今夜": 0,
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "明晨": 1,
    "后天": 2,
}
MONTH_STEPS = {"上上个月": -2, "上个月": -1, "上月": -1, "本月": 0, "这个月": 0, "下个月": 1, "下月": 1}
QUARTER_STEPS = {"上季度": -1, "上个季度": -1, "本季度": 0, "下季度": 1, "下个季度": 1}
WEEK_STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NOT_DAYS = r"(?!头条|俄罗斯|说法|美国|关注|资本|之星|之后|重现|方舟|会更好|控股|系(?:[，的])|培养|努力|形成|的环境|免疫)"  # names
# Every time begins with one of these; without this look ahead a passage of 300 characters takes several milliseconds.
_FIRST = '0-9Q一二两三四五六七八九十半“"‘「『第上本近最过未今接大去昨前后明来次翌同当这下年周星头tTlLnN'
HEAD = re.compile(
    rf"""
    (?=[{_FIRST}])(?:
      (?P<plan>(?P<open>[“"‘「『])?(?<![〇零○一二三四五六七八九十百千万第])(?P<ordinal>[一二三四五六七八九十]{{1,3}})五
          (?P<closed>[”"’」』])?(?P<of>规划|计划|时期|期间|以来|期?末|收官|开局)?)
    | (?P<longplan>第(?P<nth>[一二三四五六七八九十]{{1,3}})个五年(?:规划|计划))
    | (?<!\d)(?P<y1>(?:1[89]|20)\d\d)\s?年?{DASH}(?P<y2>(?:1[89]|20)\d\d)\s?年(?!产(?![值业销出品量])|代)
    | (?<!\d)(?P<y>(?:1[89]|20)\d\d)\s?年(?!产(?![值业销出品量])|代)
    | (?<![\d.])(?P<iy>(?:19|20)\d\d)(?P<sep>[-/.])(?P<im>1[0-2]|0?[1-9])(?P=sep)(?P<id>3[01]|[12]\d|0?[1-9])(?![\d.])
    | (?P<yzh>[一二][〇零○一八九][〇零○一二三四五六七八九]{{2}})年(?!代)
    | (?P<century>(?:上个?|本|20|21|二十一?|19|十九)世纪)(?:(?P<decade>\d0|[一二三四五六七八九]十)年代)?
    | (?<![\d.世纪])(?P<bare_decade>[2-9]0|[二三四五六七八九]十)年代
    | (?P<two>今明两年|去今两年)
    | (?<![\d几数历有达经为长时超用花了过约去业])(?:(?P<roll>最近|近|过去|未来|今后|接下来)的?)?(?P<n>{COUNT})(?P<unit>年|个月|天|周|个?星期)
          (?(roll)(?!代|级|期|前|的?(?:历史|时间|经验|从业|职业|建设|跨度|之久|党龄|漫长))(?:以?来|间)?|以?来(?![自到临源华]))
    | (?<![\d.第近])(?P<ago>{COUNT}|半)(?P<ago_unit>年半?|个半?月|天|周|个?星期)多?(?:以|之)?(?P<way>前|后)(?!三季度|\d+(?!\d|\s?月)|[一二两三四五六七八九十]+个月)
    | (?<!每)(?P<week>{_any(WEEK_STEPS)})个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末](?!次|场|期|轮|个))?
    | (?<![每逢隔单双整首半一二两三四五六七八九十几\d上本这下个])(?:(?P<short>周)|星期)(?P<bareday>[一二三四五六日天])
          (?(short)(?=[，、（(]|[上下]午|晚|凌晨|早|清晨|表示|称|宣布|发布|公布|在|将|收盘))
    | (?<!先)(?P<day>{_any(DAY_STEPS)}){_NOT_DAYS}
    | (?P<month>{_any(MONTH_STEPS)})(?:份)?(?:(?P<month_day>{DAY})[日号](?!线|元)|(?P<month_third>[上中下])旬|(?P<month_edge>[初底末]))?
    | (?P<rquarter>{_any(QUARTER_STEPS)})
    | (?<![\d一二两三四五六七八九十几数])(?P<year>{_any(YEAR_STEPS)}|(?i:{_any(ENGLISH_YEARS)}))(?![货糕级轻])
    | (?P<told>{_any(TOLD_STEPS)})(?![货轻])
    | (?<![\d.年月个十百第近几每])(?={PART.pattern})(?P<part>)
    | (?<![\d五三两几十多整全半成少青老中万])年(?:(?P<begin>初)(?![中级])|(?P<close>底(?![部层气])|末(?!期)))
    | (?<![\d.月第近几每连续前后—–~～至到-])(?P<bare>3[01]|[12]\d|[1-9])日(?=[，,（(]|[上下中]午|晚|凌晨|清晨|早|[电讯]|在|从|举行|发布|表示|说|至)
    )""",
    re.X,
)
AHEAD = re.compile(r"[^，。；]{0,10}?(?:将|拟|预计|有望|力争|计划|起[，正开])|前[，完]")
AHEAD_BEFORE = re.compile(r"(?:将于|将在|定于|拟于|计划于|预计|力争|有望|截止到?|到|至)\s?$")
