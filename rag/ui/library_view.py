"""The table of articles and what happens to it, as HTML. Pure functions; whatever came from outside is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from rag.ingest import SUFFIXES
from rag.ingest.reasons import explain
from rag.progress import time_left
from rag.types import DocumentInfo, IndexReport
from rag.ui.cards import article_link, date
from rag.ui.jobs import Batch
from rag.ui.session import Said, Shelf
from rag.ui.texts import Texts

_LISTED = 20  # file names in a report
_REASONED = 200  # of them with a reason each


def drop_zone(t: Texts, *, writable: bool) -> str:
    """Where files are dropped or chosen, and the field that narrows the table."""
    if not writable:
        box = f'<p class="yj-note">{t.library_read_only}</p>'
    else:
        box = (
            f'<div class="yj-drop" data-suffixes="{escape(" ".join(SUFFIXES))}" data-sending="{t.library_sending}">'
            f'<p class="yj-drop-head">{t.library_drop}</p>'
            f'<p class="yj-drop-kinds">{t.library_kinds.format(kinds=escape(t.library_between.join(SUFFIXES)))}</p>'
            f'<p class="yj-drop-buttons"><button type="button" class="yj-button" data-pick="files">{t.library_files}'
            f'</button><button type="button" class="yj-button" data-pick="folder">{t.library_folder}</button></p>'
            '<p class="yj-drop-state" role="status"></p>'
            '<input type="file" id="yj-pick-files" data-picked multiple hidden aria-hidden="true">'
            '<input type="file" id="yj-pick-folder" data-picked webkitdirectory hidden aria-hidden="true"></div>'
        )
    return box


def find_box(t: Texts) -> str:
    return (
        f'<label class="yj-find"><span class="yj-unseen">{t.library_find}</span>'
        f'<input type="search" data-live="find" name="find" placeholder="{t.library_find}" autocomplete="off"></label>'
    )


def table(
    documents: Sequence[DocumentInfo], collections: Mapping[str, str], shelf: Shelf, t: Texts, *, writable: bool
) -> str:
    """All articles whose title or file name holds ``shelf.find``, newest first, up to ``shelf.shown``.

    ``collections``: document id → name of the collection it is in.
    """
    if not documents:
        return f'<p class="yj-empty">{t.library_none}</p>'
    wanted = shelf.find.strip().casefold()
    kept = [d for d in documents if wanted in d.title.casefold() or wanted in d.name.casefold()]
    if not kept:
        return f'<p class="yj-empty">{t.library_no_match.format(words=escape(shelf.find.strip()))}</p>'
    kept.sort(key=lambda d: (d.date.value.isoformat() if d.date else "", d.name), reverse=True)
    passages = sum(d.passages for d in kept)
    heads = (t.library_title, t.library_date, t.library_reason, t.library_passages, t.library_size)
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(_row(d, collections.get(d.id, ""), shelf, t, writable) for d in kept[: shelf.shown])
    left = len(kept) - shelf.shown
    more = (
        f'<button type="button" class="yj-button yj-more" data-do="more">{t.library_more.format(count=min(left, 200))}'
        "</button>"
        if left > 0
        else ""
    )
    count = t.library_count.format(count=len(kept), passages=passages)
    return (
        f'<p class="yj-count" role="status">{count}</p><div class="yj-table-holder"><table class="yj-table"><thead>'
        f'<tr><td><span class="yj-unseen">{t.library_tick}</span></td>{head}'
        f'<th scope="col"><span class="yj-unseen">{t.library_actions}</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _row(info: DocumentInfo, collection: str, shelf: Shelf, t: Texts, writable: bool) -> str:
    if shelf.editing == info.id:
        return _form(info, collection, shelf.wrong, t)
    name, on = escape(info.title or info.name), int(info.id in shelf.ticked)
    tag = f'<span class="yj-tag" lang="zh-CN">{escape(collection)}</span>' if collection else ""
    link = escape(article_link(info.id, 0, 0, t.language))
    both = escape(article_link(info.id, 0, 0, t.language, both=True))
    known = explain(info.date, t.language[:2]) if info.date else ""
    reason = f"<span>{escape(known)}</span>" if known else t.library_no_reason
    acts = f'<a class="yj-act" data-article href="{both}" target="_blank">{t.library_preview}</a>'
    if writable:
        acts += "".join(
            f'<button type="button" class="yj-act" data-do="{do}" data-id="{escape(info.id)}" '
            f'aria-label="{label} “{name}”">{label}</button>'
            for do, label in (("edit", t.library_correct), ("delete", t.library_delete))
        )
    return (
        f'<tr data-id="{escape(info.id)}" class="{"yj-saved" if info.id == shelf.saved else ""}">'
        f'<td class="yj-tick"><label><input type="checkbox" data-tick data-id="{escape(info.id)}" '
        f'data-on="{on}" {"checked" if on else ""} aria-label="{t.library_tick} “{name}”"></label></td>'
        f'<th scope="row">{tag}<a data-article href="{link}" target="_blank" lang="zh-CN">'
        f'{name}</a><span class="yj-file" title="{escape(info.path)}">{escape(info.name)}</span></th>'
        f'<td class="yj-when">{date(info.date, t)}</td><td class="yj-reason" title="{escape(known)}">{reason}</td>'
        f'<td class="yj-figure" data-label="{t.library_passages}">{info.passages:,}</td>'
        f'<td class="yj-figure" data-label="{t.library_size}">{info.characters:,}</td>'
        f'<td class="yj-acts">{acts}</td></tr>'
    )


def _form(info: DocumentInfo, collection: str, wrong: Said | None, t: Texts) -> str:
    """The row while its title and date are being corrected. ``wrong``: with what was typed."""
    faulty = wrong.name if wrong else ""
    said = f'<b class="yj-wrong" role="alert">{escape(wrong.told(t))}</b>' if wrong else ""
    title, day = (
        f'<small id="yj-hint-{key}">{(said if faulty == name else "") or hint}</small>'
        for key, name, hint in (("title", "library_bad_title", ""), ("date", "library_bad_date", t.library_date_hint))
    )
    bad_title, bad_day = (str(faulty == name).lower() for name in ("library_bad_title", "library_bad_date"))
    return (
        f'<tr data-id="{escape(info.id)}" class="yj-editing"><td colspan="7"><form data-do="correct" '
        f'data-id="{escape(info.id)}" class="yj-form"><label><span>{t.library_title}</span>'
        f'<input name="title" value="{escape(info.title)}" maxlength="200" lang="zh-CN" autofocus '
        f'aria-invalid="{bad_title}" aria-describedby="yj-hint-title">{title}</label>'
        f'<label><span>{t.library_date}</span><input name="date" value="{info.date or ""}" maxlength="20" '
        f'aria-invalid="{bad_day}" aria-describedby="yj-hint-date">{day}</label>'
        f'<label><span>{t.search_collection}</span><input name="collection" value="{escape(collection)}" maxlength="60" '
        f'lang="zh-CN"><small>{t.library_collection_hint}</small></label>'
        f'<span class="yj-form-buttons">'
        f'<button class="yj-button yj-primary">{t.library_save}</button>'
        f'<button type="button" class="yj-button" data-do="edit" data-id="">{t.library_cancel}</button>'
        "</span></form></td></tr>"
    )


def said(shelf: Shelf, t: Texts) -> str:
    """What came of the last action; with a way back after a deletion."""
    if not shelf.said:
        return ""
    undo = f'<button type="button" class="yj-button" data-do="undo">{t.library_undo}</button>' if shelf.removed else ""
    return f'<p class="yj-said" role="status"><span>{escape(shelf.said.told(t))}</span>{undo}</p>'


def ticked(shelf: Shelf, documents: Sequence[DocumentInfo], t: Texts) -> str:
    """What can be done with the articles that are ticked; one that is gone is passed over."""
    there = {document.id for document in documents}
    ids = [one for one in shelf.ticked if one in there]
    if not ids:
        return ""
    return (
        f'<div class="yj-ticked"><span role="status">{t.library_ticked.format(count=len(ids))}</span>'
        f'<button type="button" class="yj-button yj-primary" data-do="scope" data-to="chat" data-show="chat" '
        f'data-document="{escape(" ".join(ids))}">{t.library_ask}</button>'
        f'<button type="button" class="yj-button" data-do="untick">{t.library_untick}</button></div>'
    )


def progress(unfinished: Sequence[Batch], watched: Sequence[Batch], uploads: str, t: Texts) -> str:
    """How far the batch is that is being read, and what came of those ``watched`` that are done, the newest first.

    Of one before the newest nothing is said any more where all went well. ``uploads``: the folder that paths are shown without.
    """
    done = [batch for batch in watched if batch.done.is_set()]
    told = [batch for batch in done if batch is done[-1] or not batch.smooth]
    running = _running(unfinished, t) if unfinished else ""
    return running + "".join(outcome(batch, uploads, t) for batch in reversed(told))


def _running(unfinished: Sequence[Batch], t: Texts) -> str:
    batch = unfinished[0]
    if batch.reading is None:
        return f'<p class="yj-status" role="status">{t.library_waiting}</p>'
    reading, inside = batch.reading, batch.embedding
    share = inside.done / inside.total if inside and inside.total else 0.0
    total = max(reading.total, 1)
    left = (
        "" if batch.seconds_left is None else t.library_left.format(value=time_left(batch.seconds_left, t.language[:2]))
    )
    detail = t.library_embedding.format(done=inside.done, total=inside.total) if inside else ""
    queued = t.library_queued.format(count=len(unfinished) - 1) if unfinished[1:] else ""
    number = t.library_reading.format(number=min(reading.done + 1, total), total=reading.total)
    stop = (
        f'<p class="yj-note">{t.library_stopping}</p>'
        if batch.stopping
        else f'<button type="button" class="yj-button" data-do="stop">{t.library_stop}</button>'
    )
    parts = "".join(f"<span>{part}</span>" for part in (detail, left, queued) if part)
    return (
        f'<div class="yj-progress" role="status"><p><b>{number}</b><span class="yj-file">{escape(reading.item)}</span>'
        f'{parts}</p><progress max="{total}" value="{min(reading.done + share, total):.3f}" aria-label="{number}">'
        f"</progress>{stop}</div>"
    )


def outcome(batch: Batch, uploads: str, t: Texts) -> str:
    """What came of a batch."""
    if batch.broken:
        return f'<p class="yj-error" role="alert">{t.library_broken}</p>'
    if batch.error:
        return f'<p class="yj-error" role="alert">{escape(batch.error.text(t.language[:2]))}</p>'
    if batch.report:
        return report(batch, batch.report, uploads, t)
    kept = batch.kept or 0
    stopped = t.library_stopped.format(done=kept, left=batch.count - kept)
    return f'<p class="yj-said yj-stopped" role="status"><span>{stopped}</span>{_dismiss(batch, t)}</p>'


def report(batch: Batch, done: IndexReport, uploads: str, t: Texts) -> str:
    """What indexing did: how many, which, and which not, with the reasons; and what the reader is to decide."""
    failed = [(shown(path, uploads), why(path, reasons, t)) for path, reasons in done.failed]
    failed += [(name, t.library_not_sent) for name in batch.not_sent]
    present = [(name, t.library_present_as.format(title=title)) for name, title in batch.settled.present]
    present += [(name, "") for name in done.unchanged]
    noted = [(shown(path, uploads), why(path, reasons, t)) for path, reasons in done.noted]
    counts = told(done, len(present), len(failed), t)
    usable = f'<a href="#yj-tab-chat" data-go="chat">{t.library_usable}</a>' if done.added or done.replaced else ""
    names = [*done.added, *done.replaced]
    listed = "".join(f'<li class="yj-file">{escape(name)}</li>' for name in names[:_LISTED])
    rest = f"<li>{t.more_articles.format(count=len(names) - _LISTED)}</li>" if len(names) > _LISTED else ""
    new = f'<ul class="yj-new">{listed}{rest}</ul>' if names else ""
    return (
        f'<div class="yj-report" role="status"><p><b>{counts}</b>{usable}{_dismiss(batch, t)}</p>{new}{_twins(batch, t)}'
        f"{_listed(t.library_present_head, present, t)}{_listed(t.library_failed, failed, t)}"
        f"{_listed(t.library_noted, noted, t)}</div>"
    )


def _listed(head: str, lines: Sequence[tuple[str, str]], t: Texts) -> str:
    """Files, and what is to be said of each."""
    if not lines:
        return ""
    shown_ = "".join(
        f'<li><span class="yj-file">{escape(name)}</span><span>{escape(reason)}</span></li>'
        for name, reason in lines[:_REASONED]
    )
    rest = f"<li>{t.more_articles.format(count=len(lines) - _REASONED)}</li>" if len(lines) > _REASONED else ""
    return f'<h2>{head}</h2><ul class="yj-failed">{shown_}{rest}</ul>'


def _twins(batch: Batch, t: Texts) -> str:
    """Both are kept where nothing is answered: what is asked is whether the older one is to go."""
    twins = batch.open_twins
    if not twins:
        return ""

    def buttons(new: str, name: str) -> str:
        acts = (("run", "replace", t.library_replace), ("do", "keep", t.library_keep))
        return "".join(
            f'<button type="button" class="yj-button" data-{kind}="{act}" data-id="{batch.id}" data-new="{escape(new)}" '
            f'aria-label="{label} “{escape(name)}”">{label}</button>'
            for kind, act, label in acts
        )

    lines = "".join(
        f"<li><span>{escape(t.library_twin.format(name=twin.name, new=twin.new.name))}</span>"
        f"<span>{buttons(str(twin.new), twin.name)}</span></li>"
        for twin in twins[:_LISTED]
    )
    every = (
        f"<li><span>{t.library_twins.format(count=len(twins))}</span><span>{buttons('', '')}</span></li>"
        if len(twins) > 1
        else ""
    )
    return f'<h2>{t.library_twin_head}</h2><ul class="yj-twins">{every}{lines}</ul>'


def told(done: IndexReport, present: int, failed: int, t: Texts) -> str:
    """How many of each kind; a kind that has none is not named."""
    counts = (
        (t.library_added, len(done.added)),
        (t.library_replaced, len(done.replaced)),
        (t.library_present, present),
        (t.library_unread, failed),
    )
    known = t.comma.join(name.format(count=count) for name, count in counts if count)
    known = known or t.library_nothing
    return t.library_report.format(counts=known[0].upper() + known[1:])


def _dismiss(batch: Batch, t: Texts) -> str:
    return (
        f'<button type="button" class="yj-notice-close" data-do="dismiss" data-id="{batch.id}" '
        f'aria-label="{t.close}">×</button>'
    )


def shown(path: str, uploads: str) -> str:
    return path.removeprefix(uploads).lstrip("/\\")


def why(path: str, reasons: tuple[str, str], t: Texts) -> str:
    """The reason without the path before it."""
    reason = reasons[0 if t.language == "zh-CN" else 1]
    return reason.removeprefix(f"{path}：").removeprefix(f"{path}: ")
