"""The words of the reports, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from rag.evaluate.metrics import Metrics, Rate, Times
from rag.evaluate.score import Outcome


class Label(NamedTuple):
    key: str  # field of Metrics
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    lower_is_better: bool = False


RATES = (
    Label(
        "correct",
        "总正确率",
        "Correct",
        "全部问题中，可答的答对、不可答的拒答，所占的比例。",
        "Share of all questions: answerable ones answered right, unanswerable ones refused.",
    ),
    Label(
        "accuracy",
        "可答题正确率",
        "Answer accuracy",
        "可答的问题中，答案含每组 must 的一种说法、且不含 must_not 的比例；拒答和出错算错。",
        "Share of answerable questions whose answer holds an alternative of every must group and no must_not; "
        "a refusal or an error counts as wrong.",
    ),
    Label(
        "refused_unanswerable",
        "该拒则拒",
        "Unanswerable refused",
        "不可答的问题中，拒答的比例。",
        "Share of unanswerable questions that were refused.",
    ),
    Label(
        "refused_answerable",
        "误拒",
        "Answerable refused",
        "可答的问题中，却拒答的比例；出错的题不计。",
        "Share of answerable questions that were refused; those that ended in an error are left out.",
        True,
    ),
    Label(
        "recall_at_1",
        "证据召回@1",
        "Recall@1",
        "可答的问题中，所需证据（需多条时为全部）的每个字都在排第一的段落里的比例。",
        "Share of answerable questions whose needed evidence (all of it, where several are needed) stands "
        "to the last character in the first passage.",
    ),
    Label(
        "recall_at_5",
        "证据召回@5",
        "Recall@5",
        "同上，前五段合在一起。",
        "The same, over the first five passages together.",
    ),
    Label(
        "shown",
        "证据入题",
        "Evidence shown",
        "可答的问题中，所需证据完整地进入给模型看的引文的比例。",
        "Share of answerable questions whose needed evidence is wholly in the quotations shown to the model.",
    ),
    Label(
        "cited",
        "答有出处",
        "Answers with citation",
        "对可答问题给出的回答中，至少有一处引文的比例。",
        "Share of answers given to answerable questions that have at least one citation.",
    ),
    Label(
        "citation_precision",
        "引文准确率",
        "Citation precision",
        "这些回答的引文中，落在标准证据之内、或盖住其一半以上的比例；"
        "同一标准文章里另一句独自含有每组 must 的（单字说法不计），也算对。",
        "Share of their citations that lie within a gold text or cover at least half of it; another quote from a gold "
        "document that alone holds an alternative of every must group (none of a single character) counts too.",
    ),
    Label(
        "citation_recall",
        "引文召回率",
        "Citation recall",
        "这些回答所需的标准证据中，被引文引到的比例。",
        "Share of the gold texts that these answers need which a citation reaches.",
    ),
    Label(
        "span_exactness",
        "引文逐字相符",
        "Span exactness",
        "全部引文中，位置与原文逐字相符（正文全同；原文件去空白后相同）的比例。必须是 100%。",
        "Share of all citations whose span holds exactly the quote, in the text and (white space aside) "
        "in the file as given. Must be 100%.",
    ),
    Label(
        "wrong_unwarned",
        "错答未示警",
        "Wrong, shown as supported",
        "给出的回答中，答错（或不该答）而每句都标为有据、或含 must_not 的句子标为有据的比例。",
        "Share of answers given that are wrong (or should not have been given) while every sentence, "
        "or one that holds a must_not phrase, is shown as supported.",
        True,
    ),
    Label(
        "right_flagged",
        "对答误示警",
        "Right, shown as unsupported",
        "答对的回答中，却有句子标为数字不符或未找到的比例。",
        "Share of right answers with a sentence shown as differing or not found.",
        True,
    ),
)

TIMES = (
    Label("retrieve_s", "检索", "Retrieval", "从提问到证据上屏", "from the question to the evidence on the screen"),
    Label("first_token_s", "首字", "First token", "从提问到第一个字", "from the question to the first word"),
    Label("total_s", "全部", "Whole answer", "从提问到核对完毕", "from the question to the checked answer"),
)

OUTCOMES = {
    Outcome.RIGHT: ("正确", "right"),
    Outcome.FOUND: ("证据入题", "evidence shown"),
    Outcome.WRONG: ("答错", "wrong answer"),
    Outcome.REFUSED: ("误拒", "wrongly refused"),
    Outcome.NOT_SHOWN: ("找到未入题", "found, not shown"),
    Outcome.NOT_FOUND: ("未找到证据", "evidence not found"),
    Outcome.INVENTED: ("该拒未拒", "should have refused"),
    Outcome.ERROR: ("出错", "error"),
    Outcome.UNTRIED: ("不可答（未问）", "unanswerable (not asked)"),
}

# The types of the shipped question set; those of another set are shown as it calls them.
TYPES = {
    "fact": ("事实", "fact"),
    "number": ("数字", "number"),
    "date": ("日期", "date"),
    "list": ("列举", "list"),
    "comparison": ("比较", "comparison"),
    "cross_page": ("跨页", "cross-page"),
    "followup": ("追问", "follow-up"),
    "colloquial": ("口语", "colloquial"),
    "traditional": ("繁体", "traditional"),
    "english": ("英文", "English"),
    "near_miss": ("似有实无", "near miss"),
    "unanswerable": ("无答案", "unanswerable"),
}


def type_names(kind: str) -> tuple[str, str]:
    """A question type in Chinese and in English; ``kind`` itself where it is not known."""
    return TYPES.get(kind, (kind, kind))


def rate_of(metrics: Metrics, label: Label) -> Rate:
    rate: Rate = getattr(metrics, label.key)
    return rate


def columns(overall: Metrics, *keys: str) -> list[Label]:
    """Of the rates named, those that this run measured."""
    return [label for label in RATES if label.key in keys and rate_of(overall, label).total]


def times_of(metrics: Metrics, label: Label) -> Times:
    times: Times = getattr(metrics, label.key)
    return times


def percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f}%"


def interval(rate: Rate) -> str:
    bounds = rate.interval
    return "—" if bounds is None else f"{100 * bounds[0]:.0f}–{100 * bounds[1]:.0f}%"


def seconds(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{1000 * value:.0f} ms" if value < 1 else f"{value:.1f} s"
