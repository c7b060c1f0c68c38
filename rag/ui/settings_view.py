"""The settings tab as HTML. Pure functions; a key is never in them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from rag.models import bundled
from rag.models.trial import Trial
from rag.progress import time_left
from rag.settings import Settings, names
from rag.ui.reembed import Change
from rag.ui.texts import Texts

OPENAI = "https://api.openai.com/v1"  # where langchain-openai goes when no address is given


def where(settings: Settings, embedder: str, t: Texts) -> str:
    """What stays on this machine and what leaves it, with these settings."""
    llm = settings.llm
    stays = [t.settings_stays_files.format(index=settings.index), t.settings_stays_embedding.format(model=embedder)]
    stays.append(t.settings_stays_check)
    leaves, kind = [t.settings_leaves_nothing], "yj-leaves yj-leaves-none"
    if llm.kind == "embedded":
        stays.append(t.settings_stays_llm)
    elif llm.kind == "none":
        stays.append(t.settings_stays_none)
    else:
        at = place(llm.base_url)
        if is_loopback(llm.base_url):
            stays.append(t.settings_stays_loopback.format(place=at))
        else:
            leaves = [t.settings_leaves_question.format(place=at, tokens=llm.evidence_tokens), t.settings_leaves_key]
            leaves.append(t.settings_leaves_not)
            kind = "yj-leaves"
    columns = "".join(
        f'<section class="{name}"><h3>{head}</h3><ul>{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul></section>'
        for name, head, lines in (("yj-stays", t.settings_stays, stays), (kind, t.settings_leaves, leaves))
    )
    return f'<section class="yj-where"><h2 class="yj-section">{t.settings_where}</h2><div>{columns}</div></section>'


def place(base_url: str) -> str:
    """An address without user, password and query."""
    parts = urlsplit(base_url or OPENAI)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def form(settings: Settings, fixed: Mapping[str, str], t: Texts, *, editable: bool, saved: int = 0) -> str:
    """All settings of the page. ``fixed``: dotted name → the environment variable that decides it.

    ``saved``: how often they have been: with each time, the page's script empties the field of the key.
    """
    made = _Fields(fixed, t, editable)
    llm = settings.llm
    providers = (("embedded", t.settings_embedded), ("openai", t.settings_openai), ("none", t.settings_none))
    key_state = t.settings_key_set if llm.api_key.get_secret_value() else t.settings_key_none
    forget = (
        f'<button type="button" class="yj-button" data-do="forget_key">{t.settings_key_forget}</button>'
        if llm.api_key.get_secret_value() and editable and "llm.api_key" not in fixed
        else ""
    )
    address = place(llm.base_url) if llm.base_url else ""
    model = (
        made.select("llm.provider", t.settings_provider, providers, llm.kind)
        + made.text("llm.base_url", t.settings_base_url, address, hint=t.settings_base_url_hint, kind="url")
        + made.text("llm.model", t.settings_model_name, llm.model, hint=t.settings_model_hint)
        + made.text("llm.api_key", t.settings_key, "", hint=key_state, kind="password")
        + made.number("llm.timeout_s", t.settings_timeout, llm.timeout_s)
    )
    answers = (
        made.number(
            "llm.evidence_tokens", t.settings_evidence_tokens, llm.evidence_tokens, t.settings_evidence_tokens_hint
        )
        + made.number("llm.max_tokens", t.settings_max_tokens, llm.max_tokens)
        + made.number("retrieval.top_k", t.settings_top_k, settings.retrieval.top_k)
        + made.number(
            "answer.refuse_below", t.settings_refuse_below, settings.answer.refuse_below, t.settings_refuse_below_hint
        )
    )
    languages = (("zh", "中文"), ("en", "English"))
    window = made.select("language", t.settings_language, languages, settings.language) + made.number(
        "server.port", t.settings_port, settings.server.port, t.settings_next_start
    )
    remote = "" if editable else f'<p class="yj-note">{t.settings_remote}</p>'
    save = f'<button class="yj-button yj-primary">{t.settings_save}</button>' if editable else ""
    tests = (
        f'<button type="button" class="yj-button" data-run="try_model">{t.settings_try_model}</button>{forget}'
        if editable
        else ""
    )
    return (
        f'{remote}<form class="yj-form yj-settings" data-do="save" data-saved="{saved}" '
        'autocomplete="off">'
        f'<fieldset class="yj-group"><legend>{t.settings_model}</legend>{model}<p class="yj-form-buttons">{tests}</p></fieldset>'
        f'<fieldset class="yj-group"><legend>{t.settings_answers}</legend>{answers}</fieldset>'
        f'<fieldset class="yj-group"><legend>{t.settings_window}</legend>{window}{themes(t)}</fieldset>'
        f'<p class="yj-settings-save">{save}</p></form>'
    )


def themes(t: Texts) -> str:
    """Light, dark or as the system: the page's own affair."""
    kinds = (("auto", t.settings_theme_auto), ("light", t.settings_theme_light), ("dark", t.settings_theme_dark))
    buttons = "".join(
        f'<button type="button" class="yj-button" data-theme="{kind}" aria-pressed="false">{name}</button>'
        for kind, name in kinds
    )
    return (
        f'<div class="yj-field" role="group" aria-label="{t.settings_theme}"><span>{t.settings_theme}</span>'
        f'<span class="yj-themes">{buttons}</span><small>{t.settings_theme_hint}</small></div>'
    )


def embedding(
    settings: Settings, fixed: Mapping[str, str], held: tuple[int, int], t: Texts, *, editable: bool, busy: bool = False
) -> str:
    """The embedding model, another one in its place, and what follows from that. ``held``: articles, passages."""
    now = f"<p>{t.settings_embedding_now.format(name=f'<b>{escape(embedder_name(settings))}</b>')}</p>"
    head = f'<section class="yj-embedding"><h2 class="yj-section">{t.settings_embedding}</h2>{now}'
    if not editable:
        return f"{head}</section>"
    field = _Fields(fixed, t, editable and not busy).text(
        "embedding.model", t.settings_embedding_model, settings.embedding.model, hint=t.settings_embedding_hint
    )
    state = " disabled" if busy or "embedding.model" in fixed else ""
    note = t.settings_embedding_note.format(documents=f"{held[0]:,}", passages=f"{held[1]:,}")
    return (
        f'{head}<form class="yj-form yj-embedding-form" data-run="reembed" autocomplete="off">{field}'
        f'<p class="yj-note">{note}{" " if t.language == "en" else ""}{t.settings_embedding_fetch}</p>'
        f'<p class="yj-form-buttons"><button type="button" class="yj-button" data-run="try_embedding">'
        f'{t.settings_try_embedding}</button><button class="yj-button"{state}>{t.settings_reembed}</button></p>'
        "</form></section>"
    )


def embedder_name(settings: Settings) -> str:
    return bundled.NAME if settings.embedding.model == "embedded" else settings.embedding.model


def reembedding(change: Change | None, settings: Settings, documents: int, file: str, t: Texts) -> str:
    """How far a change of the embedding model is, or what came of it. ``file``: where the model's name is written."""
    if change is None:
        return ""
    name = embedder_name(settings)
    if change.broken:
        return said(f"{t.settings_reembed_broken} {t.settings_reembed_kept.format(name=name)}", wrong=True)
    if change.error:
        why, stop = change.error.text(t.language[:2]).rstrip("。."), "。" if t.language == "zh-CN" else ". "
        return said(f"{why}{stop}{t.settings_reembed_kept.format(name=name)}", wrong=True)
    if change.stopped:
        return said(t.settings_reembed_stopped.format(name=name))
    if change.done.is_set():
        return said(t.settings_reembed_done.format(name=name, documents=f"{documents:,}", file=file))
    stop = (
        f'<p class="yj-note">{t.settings_reembed_stopping}</p>'
        if change.stopping
        else f'<button type="button" class="yj-button" data-do="stop_reembedding">{t.settings_reembed_stop}</button>'
    )
    at, within = change.reading, change.embedding
    if at is None:
        opening = escape(t.settings_reembed_start.format(name=change.model))
        return f'<div class="yj-progress" role="status"><p><b>{opening}</b></p>{stop}</div>'
    number = t.settings_reembed_article.format(number=min(at.done + 1, at.total), total=f"{at.total:,}")
    told = [f'<span class="yj-file">{escape(at.item)}</span>']
    if within:
        told.append(
            f"<span>{t.settings_reembed_passages.format(done=f'{within.done:,}', total=f'{within.total:,}')}</span>"
        )
        if within.seconds_left is not None:
            told.append(
                f"<span>{t.settings_reembed_left.format(value=time_left(within.seconds_left, t.language[:2]))}</span>"
            )
    share = (within.done, within.total) if within else (at.done, at.total)
    return (
        f'<div class="yj-progress" role="status"><p><b>{number}</b>{"".join(told)}</p>'
        f'<progress max="{max(share[1], 1)}" value="{share[0]}" aria-label="{number}"></progress>{stop}</div>'
    )


def said(text: str, *, wrong: bool = False) -> str:
    """What came of the last action."""
    if not text:
        return ""
    return (
        f'<p class="yj-error" role="alert">{escape(text)}</p>'
        if wrong
        else f'<p class="yj-said" role="status">{escape(text)}</p>'
    )


def tried(trial: Trial, t: Texts) -> str:
    """A sentence that says what came of a trial."""
    if trial.dimension:
        value = f"{1000 * trial.seconds:.0f}"
        return t.settings_tried_embedding.format(name=trial.name, value=value, dimension=trial.dimension)
    first = f"{trial.first_word_s or trial.seconds:.1f}"
    return t.settings_tried_model.format(name=trial.name, value=f"{trial.seconds:.1f}", first=first, said=trial.said)


class _Fields:
    """Fields of the form: named as the settings are, disabled where the environment has the last word."""

    def __init__(self, fixed: Mapping[str, str], t: Texts, editable: bool) -> None:
        self._fixed, self._t, self._editable = fixed, t, editable

    def text(self, name: str, label: str, value: str, *, hint: str = "", kind: str = "text") -> str:
        extra = 'autocomplete="new-password"' if kind == "password" else 'spellcheck="false"'
        return self._field(
            name,
            label,
            f'<input type="{"text" if kind == "url" else kind}" name="{name}" value="{escape(value)}" maxlength="500" '
            f'{extra} autocapitalize="off"{self._state(name)}>',
            hint,
        )

    def number(self, name: str, label: str, value: float, hint: str = "") -> str:
        return self._field(
            name,
            label,
            f'<input type="text" inputmode="decimal" name="{name}" value="{value:g}" maxlength="12"{self._state(name)}>',
            hint,
        )

    def select(self, name: str, label: str, choices: Any, chosen: str) -> str:
        options = "".join(
            f'<option value="{value}"{" selected" if value == chosen else ""}>{shown}</option>'
            for value, shown in choices
        )
        return self._field(name, label, f'<select name="{name}"{self._state(name)}>{options}</select>', "")

    def _state(self, name: str) -> str:
        described = f' aria-describedby="yj-hint-{name}"'
        return described + ("" if self._editable and name not in self._fixed else " disabled")

    def _field(self, name: str, label: str, field: str, hint: str) -> str:
        told = self._t.settings_fixed.format(name=self._fixed[name]) if name in self._fixed else hint
        return f'<label class="yj-field"><span>{label}</span>{field}<small id="yj-hint-{name}">{escape(told)}</small></label>'


def all_fixed(environ: Mapping[str, str]) -> dict[str, str]:
    """Dotted name → environment variable, for the settings that the environment decides."""
    return {name: variable for name, variable in names().items() if variable in environ}
