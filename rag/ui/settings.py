"""The settings tab: models, thresholds and the window itself; saved to the configuration file, in force at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, closing
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from pydantic import SecretStr

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.settings import Settings, config_path, save_settings, with_changes
from rag.ui import frame
from rag.ui import settings_view as view
from rag.ui.background import steps
from rag.ui.html import html
from rag.ui.jobs import watch
from rag.ui.reembed import Changes
from rag.ui.session import Act, Session, Updates

# What the page can change; all but the port is in force at once.
_NAMES = (
    "llm.provider",
    "llm.base_url",
    "llm.model",
    "llm.api_key",
    "llm.timeout_s",
    "llm.evidence_tokens",
    "llm.max_tokens",
    "retrieval.top_k",
    "answer.refuse_below",
    "language",
    "server.port",
)
_LATER = "server.port"
_TRIAL_S = 30.0  # to wait for a service that is only tried


class SettingsTab:
    """Handlers return the components that change, by name. ``local``: whether only this machine reaches the window."""

    name = "settings"

    def __init__(self, youju: Youju, tabs: list[str], *, local: bool) -> None:
        self._youju = youju
        self._tabs = tabs
        self._local = local
        self._saved = 0  # times
        self._changes_of_model = Changes(youju, lambda model: save_settings({"embedding.model": model}, config_path()))

    def layout(self) -> dict[str, gr.HTML]:
        return {
            f"settings_{name}": html(f"yj-settings-{name}") for name in ("where", "said", "form", "embedding", "change")
        }

    def show(self, session: Session) -> Updates:
        return {**self._page(session), "settings_said": ""}

    def do(self, session: Session, act: Act) -> Updates:
        """Save what the form says, or forget the key. Raises YoujuError; then nothing has changed."""
        if not self._local:
            return {}
        t = session.t
        if act["do"] == "forget_key":
            self._save({"llm.api_key": ""}, session)
            return {**self._page(session), "settings_said": view.said(t.settings_key_forgotten)}
        if act["do"] == "stop_reembedding":
            self._changes_of_model.stop()
            return self._change(session)
        changes = self._changes(act)
        if not changes:
            return {"settings_said": view.said(t.settings_nothing)}
        self._save(changes, session)
        file = config_path().name
        told = (session.t.settings_saved_later if _LATER in changes else session.t.settings_saved).format(file=file)
        if changes.get("llm.api_key") == "":
            told = f"{told} {session.t.settings_key_dropped}"
        return {**frame.bar(session.t, self._tabs), **self._page(session), "settings_said": view.said(told)}

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Try a model that the form names, saved or not; or change the embedding model, and watch how that goes."""
        t = session.t
        if not self._local:
            return
        if act["do"] in ("reembed", "watch"):
            async for updates in self._reembed(session, act):
                yield updates
            return
        yield {"settings_said": view.said(f"{t.settings_trying} …")}
        try:
            work = self._try_embedding if act["do"] == "try_embedding" else self._try_model
            yield {"settings_said": view.said(await asyncio.to_thread(work, session, act))}
        except YoujuError as error:
            yield {"settings_said": view.said(error.text(session.language), wrong=True)}

    def _page(self, session: Session) -> Updates:
        settings, t = self._youju.settings, session.t
        documents = self._youju.documents()
        held = len(documents), sum(info.passages for info in documents)
        fixed, busy = view.all_fixed(os.environ), self._changes_of_model.busy
        return {
            "settings_where": view.where(settings, view.embedder_name(settings), t),
            "settings_form": view.form(settings, fixed, t, editable=self._local, saved=self._saved),
            "settings_embedding": view.embedding(settings, fixed, held, t, editable=self._local, busy=busy),
            **self._change(session),
        }

    def _change(self, session: Session) -> Updates:
        documents = len(self._youju.documents())
        change = self._changes_of_model.latest if self._local else None
        shown = view.reembedding(change, self._youju.settings, documents, config_path().name, session.t)
        return {"settings_change": shown}

    async def _reembed(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        t, changes = session.t, self._changes_of_model
        model = str(act.get("embedding.model", "")).strip()
        if act["do"] == "reembed":
            if "embedding.model" in view.all_fixed(os.environ) or changes.busy:
                return
            if model in ("", self._youju.settings.embedding.model):
                told = t.settings_reembed_same if model else t.settings_reembed_none
                yield {"settings_said": view.said(told)}
                return
            changes.start(model)
            yield {**self._page(session), "settings_said": ""}
        change = changes.latest
        if change is None:
            return
        async with aclosing(steps(lambda: watch(change))) as glances:
            async for _ in glances:
                yield self._change(session)
        yield self._page(session)

    def _changes(self, act: Act) -> dict[str, Any]:
        """What the form says otherwise than the settings do, as values of the settings. Raises SettingsError."""
        now = self._youju.settings
        said: dict[str, Any] = {name: str(act[name]).strip() for name in _NAMES if name in act}
        if not said.get("llm.api_key"):
            said.pop("llm.api_key", None)  # the field is always empty: only what is typed into it counts
        if said.get("llm.base_url") == (view.place(now.llm.base_url) if now.llm.base_url else ""):
            said.pop("llm.base_url", None)  # shown without a password that may be in it
        provider = said.pop("llm.provider", "")
        new = with_changes(now, said)
        if provider and provider != new.llm.kind:
            said["llm.provider"] = provider
        elsewhere = urlsplit(new.llm.base_url).netloc != urlsplit(now.llm.base_url).netloc
        if elsewhere and "llm.api_key" not in said and "llm.api_key" not in view.all_fixed(os.environ):
            said["llm.api_key"] = ""  # a key is for the service that it was given for: no other address gets it
        new = with_changes(now, said)
        return {name: _plain(new, name) for name in said if _plain(new, name) != _plain(now, name)}

    def _save(self, changes: Mapping[str, Any], session: Session) -> None:
        from rag.models.llm import open_chat_model

        new = with_changes(self._youju.settings, changes)
        open_chat_model(new)  # costs nothing, and says what is missing before anything is written
        save_settings(changes, config_path())
        self._youju.apply(new)
        self._saved += 1
        session.language = new.language if "language" in changes else session.language

    def _try_embedding(self, session: Session, act: Act) -> str:
        from rag.models.embedder import open_embedder
        from rag.models.trial import try_embedder

        embedder, settings = self._youju.embedder, self._youju.settings
        model = str(act.get("embedding.model", "")).strip() or settings.embedding.model
        if model != settings.embedding.model:
            embedder = open_embedder(with_changes(settings, {"embedding.model": model}))
        return view.tried(try_embedder(embedder, "城西湿地公园五月六日开园。"), session.t)

    def _try_model(self, session: Session, act: Act) -> str:
        from langchain_core.messages import HumanMessage

        from rag.answer.text.prompts import prompt_text
        from rag.models.llm import open_chat_model
        from rag.models.trial import try_chat_model

        now: Settings = self._youju.settings
        new = with_changes(now, self._changes(act))
        messages = [HumanMessage(prompt_text("trial.user"))]
        if new.llm == now.llm and self._youju.model is not None:
            return view.tried(try_chat_model(self._youju.model, messages), session.t)
        if new.llm.kind == "openai":
            new = with_changes(new, {"llm.timeout_s": min(new.llm.timeout_s, _TRIAL_S)})
        model = open_chat_model(new)
        if model is None:
            return session.t.settings_tried_none
        with closing(model):
            return view.tried(try_chat_model(model, messages), session.t)


def _plain(settings: Settings, name: str) -> Any:
    """The value of a setting by its dotted name, a secret as text."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value.get_secret_value() if isinstance(value, SecretStr) else value
