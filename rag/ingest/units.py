"""What the numbers of a table count: 「产量（万吨）」 says it for its column, 「单位：万元」 or 「人口统计表（人）」 for the table."""

from __future__ import annotations

import re

_UNIT = (
    r"(?:[十百千万亿]{0,2}(?:美元|欧元|日元|港元|人民币|元|人次|人|户|家|个|项|条|件|台|套|辆|艘|架|只|头|株|吨|公斤|千克|克|斤|亩|公顷"
    r"|平方米|平方公里|立方米|公里|千米|米|厘米|毫米|千瓦时|千瓦|兆瓦|度|所|座|张|册|名|位|次|天|小时|分钟|秒|岁|分|升|桶|箱|股|份|间|层)"
    r"|℃|°C|摄氏度|%|％|‰|[GMk]?[Ww]h?|km|kg|mm|cm|m)"
)
_LAST = re.compile(rf"[（(]\s*(?:单位\s*[：:]?\s*)?({_UNIT})(?:/[^（()）]{{1,3}})?\s*[)）]\s*[:：]?$")
_SAID = re.compile(rf"单位\s*[：:]\s*({_UNIT})(?![\u4e00-\u9fff、/])")
_ALONE = re.compile(r"[（(]?\s*单位\s*[：:][^，。；]{1,12}[)）]?")
# Numbers that the unit of a whole table is not meant for.
_OTHERS = re.compile(
    r"^(?:[月日时]份?|第?[几次]|届|期)$|年份?$|年度|日期|时间|序号|编号|学号|排[名序位]|名次|位次|代码|电话|邮编|号码?$|率|比[例重]?$|占比|比重|增[幅长速]|同比|环比|指数|[%％‰]"
)
_YEAR = re.compile(
    r"(?:19|20)\d{2}(?P<said>年(?:\d{1,2}月|第?[一二三四]季度|[上下]半年)?)?"
)  # a column of that time's figures
_YEARS, _MONTHS = re.compile(r"年份?|年度"), re.compile(r"月份?")


def unit_in(text: str) -> str:
    """The unit that a caption or heading gives for the numbers of its table; "" where it gives none."""
    match = _SAID.search(text) or _LAST.search(text)
    return match[1] if match else ""


def is_unit(text: str) -> bool:
    """A line that says nothing else: 「单位：万元」."""
    return _ALONE.fullmatch(text) is not None


def unit_of(column: str, whole: str) -> tuple[str, str]:
    """The name of a column without its unit, and the unit of a number alone in it. ``whole``: that of the table."""
    if year := _YEAR.fullmatch(column):
        return column if year["said"] else f"{column}年", whole
    own = _LAST.search(column)
    if own:
        return column[: own.start()].strip() or column, own[1]
    if _YEARS.fullmatch(column):
        return column, "年"
    if _MONTHS.fullmatch(column):
        return column, "月"
    return column, "" if _OTHERS.search(column) else whole
