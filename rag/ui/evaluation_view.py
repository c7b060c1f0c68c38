"""The evaluation tab as HTML: what to run, how far it is, what there is to compare. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from rag.evaluate import RATES, Comparison, Difference, EvaluationResult, Kept
from rag.progress import time_left
from rag.ui.result_view import measure_name, rate_text, unfinished
from rag.ui.runs import Job
from rag.ui.session import Bench
from rag.ui.texts import Texts

_MANY = 30  # runs listed; questions of a comparison
_SIGNIFICANT = 0.05


def form(bench: Bench, sets: Mapping[str, str], t: Texts, *, paths: bool) -> str:
    """What to run. ``sets``: key → name; ``paths``: whether the path of any file may be typed."""
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if key == bench.set else ""}>{escape(name) or t.evaluation_judged}'
        "</option>"
        for key, name in sets.items()
    )
    choice = (
        f'<label><span>{t.evaluation_set}</span><select name="set">{options}</select></label>'
        if sets
        else f'<p class="yj-note yj-form-wide">{t.evaluation_no_set}</p>'
    )
    path = (
        f'<label class="yj-grow"><span>{t.evaluation_path}</span><input name="file" value="{escape(bench.path)}" '
        f'maxlength="1000" placeholder="{t.evaluation_path_hint}" spellcheck="false"></label>'
        if paths
        else ""
    )
    return (
        f'<p class="yj-note yj-lead">{t.evaluation_intro}</p>'
        f'<form class="yj-form yj-eval-form" data-run="start">{choice}{path}'
        f'<label class="yj-short"><span>{t.evaluation_limit}</span><input type="number" name="limit" min="1" step="1" '
        f'value="{escape(bench.limit)}" placeholder="{t.evaluation_all}"></label>'
        f'<label class="yj-check"><input type="checkbox" name="retrieval_only" value="1"'
        f"{' checked' if bench.retrieval_only else ''}><span>{t.evaluation_retrieval_only}</span></label>"
        f'<button class="yj-button yj-primary">{t.evaluation_start}</button></form>'
    )


def progress(job: Job | None, t: Texts) -> str:
    """How far the run is; after it, only what went wrong."""
    if job is None:
        return ""
    if job.broken:
        return f'<p class="yj-error" role="alert">{t.evaluation_broken}</p>'
    if job.error:
        return f'<p class="yj-error" role="alert">{escape(job.error.text(t.language[:2]))}</p>'
    if job.done.is_set():
        return ""
    at = job.progress
    count = t.evaluation_progress.format(done=at.done, total=at.total)
    left = (
        ""
        if at.seconds_left is None
        else f"<span>{t.evaluation_left.format(value=time_left(at.seconds_left, t.language[:2]))}</span>"
    )
    stop = (
        f'<p class="yj-note">{t.evaluation_stopping}</p>'
        if job.stopping
        else f'<button type="button" class="yj-button" data-do="stop">{t.evaluation_stop}</button>'
    )
    return (
        f'<div class="yj-progress yj-eval-progress"><p role="status"><b>{count}</b>{left}'
        f'<span class="yj-file" lang="zh-CN">{escape(at.item)}</span></p>'
        f'<progress max="{max(at.total, 1)}" value="{at.done}" aria-label="{count}"></progress>{stop}</div>'
    )


def runs(kept: Mapping[str, Kept], opened: str, t: Texts) -> str:
    """All results, and two of them to compare."""
    if not kept:
        return f'<h2 class="yj-section">{t.evaluation_runs}</h2><p class="yj-note">{t.evaluation_no_runs}</p>'
    heads = (t.evaluation_name, t.evaluation_when, t.evaluation_questions, t.evaluation_correct, t.evaluation_recall)
    head = "".join(f'<th scope="col">{one}</th>' for one in (*heads, t.evaluation_model))
    rows = "".join(_run(key, one, key == opened, t) for key, one in list(kept.items())[:_MANY])
    return (
        f'<h2 class="yj-section">{t.evaluation_runs}</h2><div class="yj-table-holder"><table class="yj-table yj-runs">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _run(key: str, one: Kept, opened: bool, t: Texts) -> str:
    correct = t.evaluation_only_retrieval if one.retrieval_only else rate_text(one.correct)
    cut = (
        f'<span class="yj-tag">{unfinished(one.questions, one.planned, t)}</span>'
        if one.questions < one.planned
        else ""
    )
    return (
        f'<tr><th scope="row">{cut}<button type="button" class="yj-link" data-do="result" data-key="{escape(key)}"'
        f"{' aria-current=true' if opened else ''}>{escape(one.name)}</button></th>"
        f'<td class="yj-when">{one.when:%Y-%m-%d %H:%M}</td>'
        f'<td class="yj-figure" data-label="{t.evaluation_questions}">{one.questions}</td>'
        f'<td class="yj-figure" data-label="{t.evaluation_correct}">{correct}</td>'
        f'<td class="yj-figure" data-label="{t.evaluation_recall}">{rate_text(one.recall_at_5)}</td>'
        f'<td class="yj-model-name">{escape("、".join(one.models)) or "—"}</td></tr>'
    )


def pair(kept: Mapping[str, Kept], chosen: tuple[str, str], t: Texts) -> str:
    """Which two results to compare."""
    if len(kept) < 2:
        return ""
    latest, earlier, *_ = kept
    before, after = chosen if all(key in kept for key in chosen) else (earlier, latest)
    fields = "".join(
        f'<label><span>{label}</span><select name="{name}">'
        + "".join(
            f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(one.name)}</option>'
            for key, one in kept.items()
        )
        + "</select></label>"
        for name, label, value in (("before", t.evaluation_before, before), ("after", t.evaluation_after, after))
    )
    return (
        f'<h2 class="yj-section">{t.evaluation_compare}</h2><form class="yj-form" data-do="compare">{fields}'
        f'<button class="yj-button">{t.evaluation_compare_go}</button></form>'
    )


def comparison(found: Comparison | None, after: EvaluationResult | None, t: Texts) -> str:
    """Measure by measure, and the questions whose outcome changed. ``after``: the later result, for their words."""
    if found is None:
        return ""
    heads = [t.evaluation_measure, t.evaluation_questions, t.evaluation_before, t.evaluation_after]
    heads += [t.evaluation_change, t.evaluation_interval, "p", t.evaluation_verdict]
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    rows = "".join(_difference(one, t) for one in found.differences)
    one_side = (
        f'<p class="yj-note">{t.evaluation_only_one.format(before=found.only_before, after=found.only_after)}</p>'
        if found.only_before or found.only_after
        else ""
    )
    return (
        f'<div class="yj-table-holder" role="status"><table class="yj-table yj-comparison"><thead><tr>{head}</tr></thead>'
        f'<tbody>{rows}</tbody></table></div>{one_side}<p class="yj-note">{t.evaluation_test}</p>'
        f"{_changed(found, after, t)}"
    )


def _difference(one: Difference, t: Texts) -> str:
    good = one.change < 0 if one.lower_is_better else one.change > 0
    verdict = t.evaluation_same
    if one.change:
        verdict = t.evaluation_better if good else t.evaluation_worse
        verdict += "" if one.p < _SIGNIFICANT else f" · {t.evaluation_chance}"
    figures = (
        (t.evaluation_questions, f"{one.questions}"),
        (t.evaluation_before, f"{one.before:.3f}"),
        (t.evaluation_after, f"{one.after:.3f}"),
        (t.evaluation_change, f"{one.change:+.3f}"),
        (t.evaluation_interval, f"{one.low:+.3f} … {one.high:+.3f}"),
        ("p", f"{one.p:.3f}"),
    )
    cells = "".join(f'<td class="yj-figure" data-label="{label}">{value}</td>' for label, value in figures)
    return (
        f'<tr class="{"yj-sure" if one.p < _SIGNIFICANT else "yj-unsure"}"><th scope="row">'
        f"{escape(measure_name(one.measure, RATES, t))}</th>"
        f"{cells}<td>{verdict}</td></tr>"
    )


def _changed(found: Comparison, after: EvaluationResult | None, t: Texts) -> str:
    one = next((d for d in found.differences if d.measure == "correct"), found.differences[0])
    if not one.changed or after is None:
        return ""
    asked = {row.question.id: row.question.question for row in after.rows}
    items = "".join(
        f'<li><button type="button" class="yj-row" data-do="changed" data-id="{escape(key)}">'
        f'<span class="yj-outcome">{t.evaluation_now_right if change > 0 else t.evaluation_now_wrong}</span>'
        f'<span class="yj-row-question" lang="zh-CN">{escape(asked.get(key, key))}</span></button></li>'
        for key, change in one.changed[:_MANY]
    )
    return f'<h3>{t.evaluation_changed}</h3><ol class="yj-questions">{items}</ol>'
