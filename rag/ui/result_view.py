"""What an evaluation found, as HTML: measures, charts, its questions. Pure functions; whatever came from outside is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.evaluate import (
    OUTCOMES,
    RATES,
    TIMES,
    EvaluationResult,
    Label,
    Outcome,
    Rate,
    Row,
    outcome_bars,
    percent,
    rank_columns,
    rate_of,
    times_of,
    type_names,
)
from rag.types import Found, Query
from rag.ui import asked, cards, render
from rag.ui.conversation import Exchange
from rag.ui.texts import Texts

_FIRST = ("correct", "accuracy", "refused_unanswerable", "recall_at_5", "citation_precision", "wrong_unwarned")
_LISTED = 200  # questions


def overview(result: EvaluationResult, t: Texts) -> str:
    """Measures with their intervals, and how the questions ended, of as many as were asked."""
    facts = t.evaluation_facts.format(
        set=escape(result.question_set),
        count=len(result.rows),
        documents=result.documents,
        when=f"{result.when:%Y-%m-%d %H:%M}",
    )
    cut = unfinished(len(result.rows), result.planned, t) if len(result.rows) < result.planned else ""
    tag = f'<span class="yj-tag">{cut}</span>' if cut else ""
    if result.left_out:
        said = "\n".join(line[0 if t.language == "zh-CN" else 1] for line in result.left_out)
        tag += f'<span class="yj-tag" title="{escape(said)}">{t.evaluation_left_out.format(count=len(result.left_out))}</span>'
    models = f" · {escape('、'.join(result.models))}" if result.models else ""
    measured = [label for label in RATES if rate_of(result.overall, label).total]
    first = "".join(_rate(label, result, t) for label in measured if label.key in _FIRST)
    rest = "".join(_rate(label, result, t) for label in measured if label.key not in _FIRST)
    more = (
        f'<details class="yj-fold yj-keep" id="yj-rates-more"><summary>{t.evaluation_more_measures}</summary>'
        f'<ul class="yj-rates">{rest}</ul></details>'
        if rest
        else ""
    )
    return (
        f'<h2 class="yj-result-name">{escape(result.name)}</h2><p class="yj-count">{tag}{facts}{models}</p>'
        f'<div class="yj-overview"><section><h3>{t.evaluation_measures}</h3><ul class="yj-rates">{first}</ul>{more}'
        f"{_times(result, t)}</section><section><h3>{t.evaluation_outcomes}</h3>{_outcomes(result, t)}"
        f"{_ranks(result, t)}</section></div>"
    )


def unfinished(done: int, planned: int, t: Texts) -> str:
    return t.evaluation_unfinished.format(done=done, planned=planned)


def _rate(label: Label, result: EvaluationResult, t: Texts) -> str:
    rate = rate_of(result.overall, label)
    low, high = rate.interval or (0.0, 0.0)
    kind = "yj-bar yj-bar-low" if label.lower_is_better else "yj-bar"
    return (
        f'<li title="{escape(_definition(label, t))}"><span>{_name(label, t)}</span>'
        f'<span class="{kind}" aria-hidden="true"><i style="width:{100 * (rate.value or 0):.1f}%"></i>'
        f'<b style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></b></span>'
        f"<strong>{percent(rate.value)}</strong><small>{rate.hits}/{rate.total}</small></li>"
    )


def _times(result: EvaluationResult, t: Texts) -> str:
    known = [(label, times_of(result.overall, label)) for label in TIMES]
    told = [
        f"{_name(label, t)} {times.median:.1f} / {t.evaluation_seconds.format(value=f'{times.p95:.1f}')}"
        for label, times in known
        if times.median is not None and times.p95 is not None
    ]
    return f'<p class="yj-note">{t.evaluation_times}{t.colon}{" · ".join(told)}</p>' if told else ""


def _outcomes(result: EvaluationResult, t: Texts) -> str:
    bars = outcome_bars(result)
    lines = "".join(
        f'<li><span title="{escape(type_name(bar.kind, t))}">{escape(type_name(bar.kind, t)) or t.evaluation_every}</span>'
        f'<span class="yj-stack" role="img" '
        f'aria-label="{escape(t.comma.join(f"{outcome_name(o, t)} {n}" for o, n in bar.parts))}">'
        + "".join(
            f'<i class="yj-o-{outcome.value}" style="flex-grow:{count}" title="{outcome_name(outcome, t)} {count}"></i>'
            for outcome, count in bar.parts
        )
        + f"</span><small>{bar.total}</small></li>"
        for bar in bars
    )
    legend = "".join(
        f'<li><i class="yj-o-{outcome.value}"></i>{outcome_name(outcome, t)} {count}</li>'
        for bar in bars[:1]
        for outcome, count in bar.parts
    )
    return f'<ul class="yj-stacks">{lines}</ul><ul class="yj-legends">{legend}</ul>'


def _ranks(result: EvaluationResult, t: Texts) -> str:
    """In words, so that it is read the same by all: how deep the evidence stands."""
    columns = [column for column in rank_columns(result) if column.count]
    if not columns:
        return ""
    told = [
        t.evaluation_rank_none.format(count=c.count)
        if c.rank is None
        else t.evaluation_rank_count.format(rank=c.rank, count=c.count)
        for c in columns
    ]
    return f'<p class="yj-note">{t.evaluation_ranks}{t.colon}{" · ".join(told)}</p>'


def outcome_name(outcome: Outcome, t: Texts) -> str:
    return OUTCOMES[outcome][0 if t.language == "zh-CN" else 1]


def type_name(kind: str, t: Texts) -> str:
    return type_names(kind)[0 if t.language == "zh-CN" else 1]


def questions(result: EvaluationResult, t: Texts, *, every: bool) -> str:
    """The questions that went wrong, the gravest first; or all, in the order of the set."""
    faulty = result.worst()
    rows = list(result.rows) if every else faulty
    switch = t.evaluation_show_faulty if every else t.evaluation_show_all.format(count=len(result.rows))
    head = t.evaluation_faulty.format(count=len(faulty)) if faulty else t.evaluation_no_faulty
    items = "".join(_item(row, t) for row in rows[:_LISTED])
    cut = t.evaluation_shown_of.format(shown=_LISTED, count=len(rows))
    cut = f'<p class="yj-note">{cut}</p>' if len(rows) > _LISTED else ""
    return (
        f'<div class="yj-questions-head"><h3>{head}</h3><button type="button" class="yj-button" data-do="every" '
        f'data-every="{"" if every else 1}">{switch}</button></div>'
        f'<ol class="yj-questions">{items}</ol>{cut}'
    )


def _item(row: Row, t: Texts) -> str:
    outcome = row.score.outcome
    extra = "".join(f" · {one}" for one in faults(row, t))
    return (
        f'<li><button type="button" class="yj-row" data-do="row" data-id="{escape(row.question.id)}">'
        f'<span class="yj-outcome"><i class="yj-o-{outcome.value}"></i>{outcome_name(outcome, t)}{extra}</span>'
        f'<span class="yj-row-question" lang="zh-CN">{escape(row.question.question)}</span></button></li>'
    )


def question(row: Row, t: Texts) -> str:
    """One question: what was wanted, what was found, what was said, and what the check made of it."""
    exchange = as_exchange(row)
    missing = t.evaluation_no_answer if row.score.refused is None else t.evaluation_no_words
    said = render.finished(exchange, t) if row.answer else f'<p class="yj-note">{missing}</p>'
    if row.error:
        said = f'<p class="yj-error">{escape(row.error[0 if t.language == "zh-CN" else 1])}</p>'
    history = (
        f'<p class="yj-note">{t.evaluation_history}{t.colon}<span lang="zh-CN">{escape(" / ".join(row.question.history))}</span></p>'
        if row.question.history
        else ""
    )
    head = (
        f'<p class="yj-outcome"><i class="yj-o-{row.score.outcome.value}"></i>{outcome_name(row.score.outcome, t)}'
        f"{''.join(f' · {one}' for one in _told(row, t))}</p>"
    )
    quotations = "".join(cards.card(item, exchange, t) for item in row.evidence)
    shown = f"<h3>{t.evaluation_quotations}</h3>{quotations}" if quotations else ""
    return (
        f'<article class="yj-question-row" data-id="{escape(row.question.id)}" tabindex="-1">'
        f'<button type="button" class="yj-act yj-row-back" data-row-back>‹ {t.evaluation_back}</button>{head}'
        f"{asked.question(exchange, t, editable=False)}{history}<h3>{t.evaluation_wanted}</h3>{wanted(row, t)}"
        f"<h3>{t.evaluation_got}</h3>{said}{shown}</article>"
    )


def wanted(row: Row, t: Texts) -> str:
    """What the answer should hold, and the words of the articles that say it."""
    put = row.question
    if not put.answerable:
        return f'<p class="yj-wanted">{t.evaluation_wanted_refusal}</p>'
    alternatives = (f" {t.evaluation_or} ".join(f"<b>{escape(w)}</b>" for w in group) for group in put.must)
    must = "".join(f"<li>{group}</li>" for group in alternatives)
    never = (
        f'<p class="yj-note">{t.evaluation_must_not}{t.colon}<span lang="zh-CN">{escape("、".join(put.must_not))}</span></p>'
        if put.must_not
        else ""
    )
    gold = "".join(
        f'<li><q lang="zh-CN">{escape(" ".join(one.text.split()))}</q><span class="yj-file">{escape(one.document)}</span></li>'
        for one in put.evidence
    )
    return (
        f'<ul class="yj-wanted" lang="zh-CN">{must}</ul>{never}<details class="yj-fold" open><summary>'
        f'{t.evaluation_gold}</summary><ul class="yj-gold">{gold}</ul></details>'
    )


def _told(row: Row, t: Texts) -> list[str]:
    """What went wrong on the way."""
    score = row.score
    told: list[str] = []
    if row.question.answerable:
        told.append(t.evaluation_rank.format(rank=score.rank) if score.rank else t.evaluation_no_rank)
        if score.rank and not score.shown:
            told.append(t.evaluation_not_shown)
    return told + faults(row, t)


def faults(row: Row, t: Texts) -> list[str]:
    """What a reader of the answer would be misled by."""
    told = [t.evaluation_unwarned] if row.score.unwarned else []
    if row.faulty_citations:
        told.append(t.evaluation_faulty_citations.format(count=row.faulty_citations))
    return told


def as_exchange(row: Row) -> Exchange:
    """A row as the conversation shows it. Number 0 is no conversation's: only one row is open at a time."""
    query = Query(row.question.question, row.rewritten, row.question.today)
    return Exchange(0, row.question.question, query=query, found=Found(row.hits, row.evidence, 0.0), answer=row.answer)


def rate_text(rate: Rate) -> str:
    return f"{percent(rate.value)}"


def _name(label: Label, t: Texts) -> str:
    return label.zh if t.language == "zh-CN" else label.en


def _definition(label: Label, t: Texts) -> str:
    return label.definition_zh if t.language == "zh-CN" else label.definition_en


def measure_name(measure: str, labels: Sequence[Label], t: Texts) -> str:
    """The name of a measure of a comparison, which says recall@5 where the reports' labels say recall_at_5."""
    key = measure.replace("@", "_at_")
    return next((_name(label, t) for label in labels if label.key == key), measure.upper())
