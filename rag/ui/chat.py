"""The conversation tab: handlers of a few lines each over ``Youju.stream``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.asking import MAX_QUESTION
from rag.errors import StoreError
from rag.pipeline import Youju
from rag.store.notes import Judgement
from rag.ui import asked, cards, front, keeping, render, saved, scope
from rag.ui.background import steps
from rag.ui.conversation import Conversation, Exchange, follow
from rag.ui.frame import notice
from rag.ui.html import html
from rag.ui.past import Past
from rag.ui.scope import EVERYWHERE
from rag.ui.session import Act, Session, Updates, day_of
from rag.ui.texts import EXAMPLES


class ChatTab:
    """Handlers return the components that change, by name."""

    name = "chat"

    def __init__(self, youju: Youju) -> None:
        self._youju = youju
        self._past = Past(youju)

    def layout(self) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        with gr.Column(elem_id="yj-front") as parts["chat_front"]:
            parts["chat_welcome"] = html("yj-welcome")
            parts["chat_examples"] = html("yj-examples")
            parts["chat_archive"] = html("yj-archive")
        parts["chat_history"] = html("yj-history-holder")
        parts["chat_earlier"] = html("yj-earlier")
        with gr.Row(elem_id="yj-current", elem_classes="yj-exchange", visible=False) as parts["chat_current"]:
            parts["chat_answer"] = html("yj-answer")
            parts["chat_evidence"] = html("yj-side")
        with gr.Row(elem_id="yj-composer"):
            parts["chat_waiting"] = html("yj-waiting")
            parts["chat_box"] = gr.Textbox(
                show_label=False,
                container=False,
                lines=1,  # with more, Gradio's Enter makes a new line and Shift+Enter sends
                max_lines=6,
                autofocus=True,
                elem_id="yj-box",
            )
            parts["chat_scope"] = html("yj-scope-holder")
            parts["chat_send"] = gr.Button("", elem_id="yj-send", variant="primary")
            parts["chat_stop"] = gr.Button("", elem_id="yj-stop", visible=False)
        parts["chat_hint"] = html("yj-hint")
        return parts

    def show(self, session: Session) -> Updates:
        t = session.t
        return {
            "chat_box": gr.update(placeholder=t.placeholder, label=t.placeholder),
            "chat_hint": front.hint(t),
            "chat_scope": self._scope(session),
            "chat_history": self._past.show(session),
            **self.front(session),
            **self.view(session),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """One action on the conversation. Raises YoujuError."""
        conversation = session.conversation
        match act["do"]:
            case "earlier":
                return {"chat_earlier": render.earlier(conversation.exchanges[:-1], session.t, whole=True)}
            case "resume" if conversation.running:
                return {"notice": notice(session.t.history_busy, session.t)}
            case "resume":
                self.resume(session, str(act["id"]))
                return self.show(session)
            case "version":
                conversation.show(int(act["number"]))
                if self._youju.notes.writable:
                    self._youju.notes.show(conversation.id, conversation.tip)
                return self.view(session)
            case "judge":
                self._judge(conversation, act)
                return {**self.view(session), "chat_history": self._past.show(session)}
            case "unwait":
                self._unwait(conversation, int(act["number"]))
                return {"chat_waiting": asked.waiting(conversation, session.t)}
            case "scope":
                conversation.scope = scope.read(act, self._youju.documents(), conversation.scope)
                return {"chat_scope": self._scope(session)}
        return {"chat_history": self._past.show(session)} if self._past.do(session, act) else {}

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Ask: a question of the page's ("ask"), one again ("retry"), otherwise ("edit") or in all articles ("widen").

        "next": what waits after a stop.
        """
        conversation, today = session.conversation, day_of(act)
        question = str(act.get("question", "")).strip()
        before = conversation.find(int(act["number"])) if str(act.get("number", "")).isdecimal() else None
        match act["do"]:
            case "ask" if question:
                put = self._put(session, question, today=today)
            case "edit" if before and question:
                put = self._put(session, question, instead=before, scope=before.scope, today=today)
            case "retry" if before:
                put = self._put(session, before.question, instead=before, scope=before.scope, today=today)
            case "widen" if before:
                put = self._put(session, before.question, instead=before, scope=EVERYWHERE, today=today)
            case "next":
                put = self._answers(session)
            case _:
                return
        async with aclosing(put) as grown:
            async for updates in grown:
                yield updates

    async def ask(self, question: str, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Put the question of the box, and empty it; one that is too long stays in it."""
        if not question.strip():
            return
        first: Updates = {} if len(question.strip()) > MAX_QUESTION else {"chat_box": ""}
        async with aclosing(self._put(session, question.strip(), today=day_of(act))) as grown:
            async for updates in grown:
                yield {**first, **updates}
                first = {}

    async def _put(self, session: Session, question: str, **how: Any) -> AsyncGenerator[Updates, None]:
        """Have a question answered, after those that wait. Kept before anything else is done with it."""
        conversation, notes, t = session.conversation, self._youju.notes, session.t
        if len(question) > MAX_QUESTION:
            told = t.too_long.format(count=f"{len(question):,}", most=f"{MAX_QUESTION:,}")
            yield {"notice": notice(told, t)}
            return
        # Another page may have asked in the same conversation meanwhile.
        exchange = conversation.put(question, least=notes.last(conversation.id) + 1, **how)
        try:
            await asyncio.to_thread(keeping.keep, notes, conversation, exchange)
        except StoreError as error:
            exchange.unkept = error  # said with the answer
        async with aclosing(self._answers(session)) as grown:
            async for updates in grown:
                yield updates

    async def _answers(self, session: Session) -> AsyncGenerator[Updates, None]:
        """Answer all that waits, unless that is being done: then it is only seen to wait."""
        conversation = session.conversation
        if conversation.running:
            yield {"chat_waiting": asked.waiting(conversation, session.t)}
        while exchange := conversation.begin():
            async with aclosing(self._answer(exchange, session)) as grown:
                async for updates in grown:
                    yield updates

    async def _answer(self, exchange: Exchange, session: Session) -> AsyncGenerator[Updates, None]:
        """The window again whenever the answer has grown."""
        conversation, notes = session.conversation, self._youju.notes
        history = conversation.turns(exchange.today)
        yield {"notice": "", **self.view(session), "chat_history": self._past.show(session)}
        shown = None
        kept = keeping.kept(follow(self._youju, exchange, history), notes, conversation.id, exchange)
        try:
            async with aclosing(steps(lambda: kept)) as grown:
                async for _ in grown:
                    # Drawn below, once, when it has ended: a second drawing would undo a quick judgement.
                    if not exchange.running or conversation.tip != exchange.number:
                        continue
                    t = session.t
                    changed: Updates = {"chat_answer": render.answer(exchange, t)}
                    if exchange.found is not shown:  # once: the cards stand still while the text grows
                        shown = exchange.found
                        changed["chat_evidence"] = cards.evidence(exchange, t)
                    yield changed
        except Exception:
            yield self.view(session)
            raise  # to Gradio, which prints it in the terminal
        told = {"notice": notice(exchange.unkept.text(session.language), session.t)} if exchange.unkept else {}
        yield {**self.view(session), "chat_history": self._past.show(session), **told}

    def resume(self, session: Session, conversation_id: str) -> None:
        """Take up a conversation that was kept; one that is gone is passed over."""
        self._past.take_up(session, conversation_id)

    def stop(self, session: Session) -> Updates:
        conversation, notes = session.conversation, self._youju.notes
        running = [exchange for exchange in conversation.begun if exchange.running]
        conversation.stop()
        for exchange in running if notes.writable else ():
            notes.grow(conversation.id, exchange.number, saved.dump(exchange))
        return self.view(session)

    def clear(self, session: Session) -> Updates:
        self.stop(session)
        session.conversation = Conversation()
        return {"chat_box": "", **self.show(session)}

    def front(self, session: Session) -> Updates:
        """The first page: what is in the index, and questions to begin with that it can answer."""
        documents, t = self._youju.documents(), session.t
        names = {document.name for document in documents}
        return {
            "chat_welcome": front.welcome(t),
            "chat_archive": front.archive(documents, t),
            "chat_examples": front.examples([q for q, document in EXAMPLES if document in names], t),
        }

    def view(self, session: Session) -> Updates:
        """The conversation as it stands."""
        t, conversation = session.t, session.conversation
        exchanges, running = conversation.exchanges, conversation.running
        there = {document.id for document in self._youju.documents()}
        for exchange in exchanges:
            cited = {c.document_id for c in exchange.answer.citations} if exchange.answer else set()
            exchange.gone = frozenset(cited - there)
            exchange.versions = conversation.versions(exchange)
        return {
            "chat_front": gr.update(visible=not exchanges),
            "chat_current": gr.update(visible=bool(exchanges)),
            "chat_earlier": render.earlier(exchanges[:-1], t),
            "chat_answer": render.answer(exchanges[-1], t, kept=self._kept(session)) if exchanges else "",
            "chat_evidence": cards.evidence(exchanges[-1], t) if exchanges else "",
            "chat_waiting": asked.waiting(conversation, t),
            "chat_send": gr.update(value=t.send, visible=not running),
            "chat_stop": gr.update(value=t.stop, visible=running),
            "clear": gr.update(value=t.clear, interactive=bool(exchanges)),
        }

    def _scope(self, session: Session) -> str:
        documents, collections = self._youju.documents(), list(self._youju.collections())
        return scope.control(session.conversation.scope, documents, collections, session.t)

    def _kept(self, session: Session) -> str:
        """Id of the conversation where it can be exported, else ""."""
        key = session.conversation.id
        return key if key and self._youju.notes.last(key) else ""

    def _unwait(self, conversation: Conversation, number: int) -> None:
        conversation.waiting[:] = [e for e in conversation.waiting if e.number != number]
        if self._youju.notes.writable and not conversation.find(number):
            self._youju.notes.drop(conversation.id, number)

    def _judge(self, conversation: Conversation, act: Act) -> None:
        """Keep what the reader thinks of an answer; the same opinion again takes it back."""
        number, good = int(act["number"]), act["good"] == "1"
        exchange = next(e for e in conversation.exchanges if e.number == number)
        again = good and exchange.judged is True
        reason, expected = str(act.get("reason", "")), str(act.get("expected", "")).strip()
        judgement = None if again else Judgement(good, reason, expected, saved.dump(exchange))
        self._youju.notes.judge(conversation.id, number, judgement)
        exchange.judged, exchange.reason = (None, "") if again else (good, reason)
