"""The articles that a search or a question keeps to: the choices, and what was chosen in words. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import PurePath
from typing import Any

from rag.store.base import Filters
from rag.types import DocumentInfo
from rag.ui.html import sheet_head
from rag.ui.texts import Texts

_CHOICES = 500  # articles to choose from; of more than that, one is found by searching


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters, and the title that their (first) article had: it is still told once the article is gone."""

    filters: Filters = field(default_factory=Filters)
    title: str = ""

    def __bool__(self) -> bool:
        return bool(self.filters)


EVERYWHERE = Scope()


def read(act: Mapping[str, Any], documents: Sequence[DocumentInfo], before: Scope) -> Scope:
    """What the fields say; one that says nothing, or no date, allows all. ``before``: knows an article that is gone."""

    def one(name: str) -> tuple[str, ...]:
        value = str(act.get(name, ""))
        return (value,) if value else ()

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(str(act.get(name, "")))
        except ValueError:
            return None

    filters = Filters(
        documents=tuple(str(act.get("document", "")).split()),  # several: their ids with spaces between
        types=one("type"),
        collections=one("collection"),
        since=day("since"),
        until=day("until"),
    )
    first = filters.documents[:1]
    titles = [d.title or d.name for d in documents if d.id in first]
    known = before.title if first == before.filters.documents[:1] else ""
    return Scope(filters, titles[0] if titles else known)


def told(scope: Scope, t: Texts) -> str:
    """The scope in a few words, as plain text."""
    filters = scope.filters
    if not filters:
        return t.scope_all
    parts = [*([_articles(scope, t)] if filters.documents else []), *filters.collections]
    if filters.since and filters.until:
        parts.append(t.scope_between.format(since=filters.since, until=filters.until))
    elif filters.since:
        parts.append(t.scope_since.format(since=filters.since))
    elif filters.until:
        parts.append(t.scope_until.format(until=filters.until))
    return " · ".join([*parts, *filters.types])


def _articles(scope: Scope, t: Texts) -> str:
    title, count = scope.title or t.missing_article, len(scope.filters.documents)
    return title if count == 1 else t.scope_several.format(title=title, count=count)


def fields(
    chosen: Scope, documents: Sequence[DocumentInfo], collections: Sequence[str], t: Texts, more: str = ""
) -> str:
    """What narrows: an article, a collection, a kind of file, a stretch of time. ``more``: further buttons.

    The form around them is one that the page's script sends whenever a field has changed ("data-at-once"); "data-chosen"
    tells the script what the fields are to say: a field that was used does not heed its own attributes any more.
    """
    filters = chosen.filters
    articles = [(d.id, d.title or d.name) for d in sorted(documents, key=lambda d: d.title)[:_CHOICES]]
    picked = " ".join(filters.documents)
    if picked and picked not in dict(articles):
        articles.append((picked, _articles(chosen, t)))
    article = _select("document", t.search_document, t.search_every, articles, picked)
    collection = ""
    picked = filters.collections[0] if filters.collections else ""
    if collections or picked:
        names = [(name, name) for name in dict.fromkeys([*collections, *filters.collections])]
        collection = _select("collection", t.search_collection, t.search_every_collection, names, picked)
    kind = ""
    kinds = sorted({PurePath(d.name).suffix.lower() for d in documents} - {""} | set(filters.types))
    if len(kinds) > 1 or filters.types:
        picked = filters.types[0] if filters.types else ""
        kind = _select("type", t.search_type, t.search_every_type, [(one, one) for one in kinds], picked)
    days = "".join(
        f'<label><span>{label}</span><input type="date" name="{name}" value="{day or ""}"></label>'
        for name, label, day in (("since", t.search_since, filters.since), ("until", t.search_until, filters.until))
    )
    clear = f'<button type="button" class="yj-button" data-clear>{t.search_clear}</button>{more}' if filters else ""
    undated = f'<p class="yj-note">{t.search_undated}</p>' if any(d.date is None for d in documents) else ""
    state = escape(
        "|".join([*filters.documents, *filters.collections, *filters.types, f"{filters.since} {filters.until}"])
    )
    return f'<div class="yj-filters" data-chosen="{state}">{article}{collection}{kind}{days}{clear}</div>{undated}'


def _select(name: str, label: str, every: str, choices: Sequence[tuple[str, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in choices
    )
    return (
        f'<label><span>{label}</span><select name="{name}"><option value="">{every}</option>{options}</select></label>'
    )


def control(scope: Scope, documents: Sequence[DocumentInfo], collections: Sequence[str], t: Texts) -> str:
    """The button beside the question box, and what it opens."""
    text = escape(told(scope, t))
    return (
        f'<button type="button" class="yj-scope-button" popovertarget="yj-scope" {"data-narrow" if scope else ""} '
        f'aria-haspopup="dialog" title="{text}"><span>{t.scope}{t.colon}{text}</span><i aria-hidden="true">▾</i></button>'
        f'<div class="yj-scope" id="yj-scope" popover role="dialog" aria-label="{t.scope_choose}">'
        f'{sheet_head(t.scope_choose, "yj-scope", t)}<form data-do="scope" data-at-once>{fields(scope, documents, collections, t)}</form></div>'
    )
