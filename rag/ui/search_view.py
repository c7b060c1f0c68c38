"""Search results as HTML. Pure functions; whatever came from outside is escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from itertools import groupby

from rag.answer.text.words import to_simplified
from rag.store.analyze import question_terms
from rag.types import DocumentInfo, Hit
from rag.ui import scope
from rag.ui.cards import article_link, date
from rag.ui.scope import EVERYWHERE
from rag.ui.session import Sought
from rag.ui.texts import Texts


def form(sought: Sought | None, documents: Sequence[DocumentInfo], collections: Sequence[str], t: Texts) -> str:
    """The search box, and what narrows the search."""
    words = escape(sought.words) if sought else ""
    chosen = sought.scope if sought else EVERYWHERE
    ask = f'<button type="button" class="yj-button" data-do="scope" data-to="chat" data-show="chat">{t.search_ask}</button>'
    return (
        f'<form role="search" data-do="search" data-at-once><div class="yj-search"><input type="search" name="words" '
        f'required maxlength="2000" value="{words}" placeholder="{t.search_placeholder}" '
        f'aria-label="{t.search_placeholder}" autocomplete="off">'
        f'<button class="yj-button yj-primary">{t.search_go}</button></div>'
        f'{scope.fields(chosen, documents, collections, t, ask)}</form><p class="yj-note">{t.search_intro}</p>'
    )


def results(sought: Sought | None, t: Texts) -> str:
    if sought is None or not sought.words:
        return ""
    if not sought.hits:
        return f'<p class="yj-empty" role="status">{t.search_none}</p>'
    terms = question_terms(sought.words)
    items = "".join(_result(rank, hit, terms, t) for rank, hit in enumerate(sought.hits, 1))
    count = t.search_count.format(count=len(sought.hits), value=f"{1000 * sought.seconds:.0f}")
    return (
        f'<p class="yj-count" role="status">{count}<span class="yj-legend">{t.search_legend}</span></p>'
        f'<ol class="yj-results">{items}</ol>'
    )


def _result(rank: int, hit: Hit, terms: Sequence[str], t: Texts) -> str:
    passage = hit.passage
    start, end = hit.best_window or (passage.start, passage.end)
    link = escape(article_link(passage.document_id, start, end, t.language))
    heading = f'<span class="yj-heading" lang="zh-CN">{escape(passage.heading)}</span>' if passage.heading else ""
    return (
        f'<li class="yj-result"><span class="yj-number">{rank}</span><div>'
        f'<a class="yj-card-title" data-article href="{link}" target="_blank" lang="zh-CN">'
        f"{escape(hit.title or hit.document)}</a>"
        f'<p class="yj-meta">{date(hit.date, t)}{heading}<span class="yj-file">{escape(hit.document)}</span></p>'
        f'<p class="yj-found" lang="zh-CN">{highlighted(hit, terms)}</p>'
        f'<p class="yj-reasons">{reasons(hit, t)}</p>'
        f'<button type="button" class="yj-act" data-do="scope" data-to="chat" data-show="chat" '
        f'data-document="{escape(passage.document_id)}" aria-label="{t.search_ask_this} {rank}">{t.search_ask_this}'
        "</button></div></li>"
    )


def reasons(hit: Hit, t: Texts) -> str:
    """Why a passage stands where it does: what speaks for it and against it, most telling first."""
    dense = (
        t.search_dense.format(rank=hit.dense_rank, score=f"{hit.dense_score:.3f}")
        if hit.dense_score is not None
        else t.search_no_dense
    )
    lexical = (
        t.search_lexical.format(rank=hit.lexical_rank, score=f"{hit.lexical_score:.1f}")
        if hit.lexical_score is not None
        else t.search_no_lexical
    )
    share = round(100 * hit.worded)
    words = t.search_all_words if share == 100 else t.search_words.format(share=share) if share else t.search_no_words
    time = t.search_time if (hit.timely or 0.0) > 0 else t.search_other_time if (hit.timely or 0.0) < 0 else ""
    fused = t.search_fused.format(score=f"{hit.score:.1f}")
    return "".join(f"<span>{reason}</span>" for reason in (dense, lexical, words, time, fused) if reason)


def highlighted(hit: Hit, terms: Sequence[str]) -> str:
    """The passage escaped, words of the question marked, the window that dense search matched underlined."""
    text, first = hit.passage.text, hit.passage.start
    same = matches(text, terms)
    near = hit.best_window
    pieces = []
    for (marked, lined), run in groupby(
        range(len(text)), lambda i: (same[i], near is not None and near.start <= first + i < near.end)
    ):
        places = list(run)
        piece = escape(text[places[0] : places[-1] + 1])
        piece = f"<mark>{piece}</mark>" if marked else piece
        pieces.append(f"<u>{piece}</u>" if lined else piece)
    return "".join(pieces)


def matches(text: str, terms: Sequence[str]) -> list[bool]:
    """For each character of ``text``, whether it belongs to one of the terms, width, case and script aside."""
    folded = to_simplified("".join(_folded(char) for char in text))
    same = [False] * len(text)
    for term in terms:
        at = folded.find(term)
        while at >= 0:
            same[at : at + len(term)] = [True] * len(term)
            at = folded.find(term, at + 1)
    return same


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if len(plain) == 1 else char
