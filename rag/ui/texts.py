"""Every word of the window, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

# Questions to begin with, and the shipped article that each is about: shown only while that article is in the index.
EXAMPLES: tuple[tuple[str, str], ...] = (
    ("扬州2025年工业开票目标是多少", "000_2a9a80530772cd84.txt"),
    ("新霖飞集团2023年的开票销售和税收各是多少？", "000_2a9a80530772cd84.txt"),
    ("扬州阿特斯新能源项目总投资多少，年产能多大？", "000_2a9a80530772cd84.txt"),
    ("盐城2023年的工业开票销售是多少？", "004_f8ec59bd59ec0566.txt"),
    ("徐州什么时候提出GDP破万亿的目标？", "004_f8ec59bd59ec0566.txt"),
    ("苏州的算力在全国、全省排第几？", "004_f8ec59bd59ec0566.txt"),
)


@dataclass(frozen=True, slots=True)
class Texts:
    """Templates use ``str.format``; both languages have the same fields and the same names in them."""

    language: str  # of the HTML element
    title: str
    tagline: str
    invitation: str
    other_language: str  # on the button that switches to it
    placeholder: str
    send: str
    stop: str
    clear: str
    theme: str
    hint: str
    try_asking: str
    articles: str  # {count}
    more_articles: str  # {count}
    no_articles: str
    no_date: str
    understood: str
    searching: str
    writing: str  # {count}
    stopped: str
    stopped_unchecked: str
    refused: str
    failed: str  # an error that no one foresaw
    evidence: str
    cited: str
    also_found: str  # {count}
    line: str  # {first}
    lines: str  # {first} {last}
    whole_article: str
    own_page: str
    close: str
    cite: str  # {marker}
    supported: str
    differs: str
    not_found: str
    all_supported: str  # {count}
    some_not: str  # {bad} {count}
    claim_differs: str  # {claimed} {found}
    claim_not_found: str  # {claimed}
    seconds: str  # {value}
    timing_evidence: str
    timing_first: str
    timing_total: str
    running_at: str  # {address}
    missing_article: str


ZH = Texts(
    language="zh-CN",
    title="有据",
    tagline="每个回答都带着出处",
    invitation="问一个问题。证据先到，回答逐句核对原文。",
    other_language="English",
    placeholder="想从这些文章里知道什么？",
    send="提问",
    stop="停止",
    clear="新对话",
    theme="切换深浅色",
    hint="Enter 提问，Shift + Enter 换行",
    try_asking="可以这样问",
    articles="馆藏 {count} 篇",
    more_articles="另有 {count} 篇",
    no_articles="还没有文章。用 youju add 加入文件或文件夹，再刷新本页。",
    no_date="日期不详",
    understood="理解为",
    searching="正在查找原文",
    writing="找到 {count} 条证据，正在作答",
    stopped="已停止。",
    stopped_unchecked="已停止。以上文字未经核对。",
    refused="资料中没有答案。",
    failed="出了意料之外的错误，详情在启动本程序的终端里。",
    evidence="证据",
    cited="引用的原文",
    also_found="另找到 {count} 条，未被引用",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    whole_article="阅读全文",
    own_page="单独打开",
    close="关闭",
    cite="查看证据 {marker}",
    supported="与所引原文相符",
    differs="与所引原文不符",
    not_found="所引原文中没有找到",
    all_supported="核对 {count} 句，与原文相符",
    some_not="核对 {count} 句，{bad} 句与原文对不上",
    claim_differs="回答写“{claimed}”，原文是“{found}”",
    claim_not_found="原文中没有“{claimed}”",
    seconds="{value} 秒",
    timing_evidence="证据",
    timing_first="首字",
    timing_total="全部",
    running_at="有据在 {address} ，按 Ctrl-C 结束。",
    missing_article="这篇文章已经不在索引里。",
)

EN = Texts(
    language="en",
    title="有据",
    tagline="Every answer with its evidence",
    invitation="Ask a question. The evidence comes first; every sentence is checked against it.",
    other_language="中文",
    placeholder="What would you like to know?",
    send="Ask",
    stop="Stop",
    clear="New",
    theme="Light or dark",
    hint="Enter to ask, Shift + Enter for a new line",
    try_asking="You might ask",
    articles="Articles: {count}",
    more_articles="and {count} more",
    no_articles="No articles yet. Add files or folders with youju add, then reload this page.",
    no_date="undated",
    understood="Understood as",
    searching="Looking through the articles",
    writing="Passages found: {count}. Writing",
    stopped="Stopped.",
    stopped_unchecked="Stopped. The text above has not been checked.",
    refused="The articles do not say.",
    failed="Something unforeseen went wrong. The terminal that started the program has the details.",
    evidence="Evidence",
    cited="Quoted",
    also_found="{count} more found, not quoted",
    line="line {first}",
    lines="lines {first}–{last}",
    whole_article="Read the article",
    own_page="Own page",
    close="Close",
    cite="Show evidence {marker}",
    supported="Agrees with the passage it cites",
    differs="Differs from the passage it cites",
    not_found="Not found in the passage it cites",
    all_supported="Sentences that agree with the source: {count} of {count}",
    some_not="Sentences that do not match the source: {bad} of {count}",
    claim_differs="The answer says “{claimed}”, the source “{found}”",
    claim_not_found="The source does not say “{claimed}”",
    seconds="{value} s",
    timing_evidence="evidence",
    timing_first="first word",
    timing_total="total",
    running_at="Youju is at {address} ; Ctrl-C ends it.",
    missing_article="This article is no longer in the index.",
)


def texts(language: str) -> Texts:
    """The words in ``language``: "zh" or "en"."""
    return ZH if language == "zh" else EN
