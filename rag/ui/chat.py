"""The conversation tab: handlers of a few lines each over ``Youju.stream``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.store.notes import Judgement
from rag.ui import asked, cards, export, front, render, saved, scope
from rag.ui.background import steps
from rag.ui.conversation import Conversation, Exchange, follow
from rag.ui.html import html
from rag.ui.session import Act, Forgotten, Session, Updates
from rag.ui.texts import EXAMPLES


class ChatTab:
    """Handlers return the components that change, by name."""

    name = "chat"

    def __init__(self, youju: Youju) -> None:
        self._youju = youju

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
                max_length=2000,
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
            "chat_history": self._history(session),
            **self.front(session),
            **self.view(session),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """One action on the conversation. Raises YoujuError."""
        conversation, notes = session.conversation, self._youju.notes
        match act["do"]:
            case "earlier":
                return {"chat_earlier": render.earlier(conversation.exchanges[:-1], session.t, whole=True)}
            case "resume" if not conversation.running:
                self.resume(session, str(act["id"]))
                return self.show(session)
            case "forget":
                session.forgotten = self._forget(str(act["id"]))
                return {"chat_history": self._history(session)}
            case "unforget" if session.forgotten:
                for number, content in session.forgotten.exchanges:
                    notes.keep(session.forgotten.id, session.forgotten.title, number, content)
                session.forgotten = None
                return {"chat_history": self._history(session)}
            case "judge":
                self._judge(conversation, act)
                return {**self.view(session), "chat_history": self._history(session)}
            case "unwait":
                conversation.waiting[:] = [e for e in conversation.waiting if e.number != int(act["number"])]
                return {"chat_waiting": asked.waiting(conversation, session.t)}
            case "scope":
                conversation.scope = scope.read(act, self._youju.documents(), conversation.scope)
                return {"chat_scope": self._scope(session)}
        return {}

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Ask a question of the page's ("ask"), the last one again ("retry"), or what waits ("next")."""
        question, conversation = str(act.get("question", "")), session.conversation
        if act["do"] == "retry" and conversation.exchanges and not conversation.running:
            question = conversation.exchanges.pop().question
        async with aclosing(self._put(question, session)) as grown:
            async for updates in grown:
                yield updates

    async def ask(self, question: str, session: Session) -> AsyncGenerator[Updates, None]:
        """Put the question of the box, and empty it."""
        first: Updates = {"chat_box": ""}
        async with aclosing(self._put(question, session)) as grown:
            async for updates in grown:
                yield {**first, **updates}
                first = {}

    async def _put(self, question: str, session: Session) -> AsyncGenerator[Updates, None]:
        """Answer a question ("": none) and all that waits; one put meanwhile waits for its turn, where it is seen."""
        conversation = session.conversation
        if question.strip():
            conversation.put(question.strip())
        if conversation.running:
            yield {"chat_waiting": asked.waiting(conversation, session.t)}
        while exchange := conversation.begin():
            async with aclosing(self._answer(exchange, session)) as grown:
                async for updates in grown:
                    yield updates

    async def _answer(self, exchange: Exchange, session: Session) -> AsyncGenerator[Updates, None]:
        """The window again whenever the answer has grown."""
        conversation = session.conversation
        history = conversation.turns()
        yield {"notice": "", **self.view(session)}
        shown = None
        try:
            async with aclosing(steps(lambda: follow(self._youju, exchange, history))) as grown:
                async for _ in grown:
                    if not exchange.running:  # drawn below, once: a second drawing would undo a quick judgement
                        continue
                    t = session.t
                    changed: Updates = {"chat_answer": render.answer(exchange, t)}
                    if exchange.found is not shown:  # once: the cards stand still while the text grows
                        shown = exchange.found
                        changed["chat_evidence"] = cards.evidence(exchange, t)
                    yield changed
        except YoujuError as error:
            exchange.error = error
        except Exception:
            exchange.failed = True
            yield self.view(session)
            raise  # to Gradio, which prints it in the terminal
        self._keep(conversation, exchange)
        yield {**self.view(session), "chat_history": self._history(session)}

    def resume(self, session: Session, conversation_id: str) -> None:
        """Take up a conversation that was kept; one that is gone is passed over."""
        if conversation := self._resumed(conversation_id):
            session.conversation = conversation

    def stop(self, session: Session) -> Updates:
        session.conversation.stop()
        return self.view(session)

    def clear(self, session: Session) -> Updates:
        session.conversation.stop()
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
        return key if key and self._youju.notes.exchanges(key) else ""

    def _keep(self, conversation: Conversation, exchange: Exchange) -> None:
        if exchange.answer and self._youju.notes.writable:
            title = conversation.exchanges[0].question
            self._youju.notes.keep(conversation.id, title, exchange.number, saved.dump(exchange))

    def _history(self, session: Session) -> str:
        notes, gone = self._youju.notes, session.forgotten
        return front.history(
            notes.conversations(),
            session.conversation.id,
            session.t,
            writable=notes.writable,
            deleted=gone.title if gone else "",
            judged=bool(export.question_set(notes.judgements())),
        )

    def _forget(self, conversation_id: str) -> Forgotten | None:
        notes = self._youju.notes
        title = next((c.title for c in notes.conversations() if c.id == conversation_id), None)
        if title is None:  # forgotten from another page
            return None
        contents = notes.exchanges(conversation_id)
        numbered = tuple((saved.number(content), content) for content in contents)
        notes.forget(conversation_id)
        return Forgotten(conversation_id, title, numbered)

    def _resumed(self, conversation_id: str) -> Conversation | None:
        notes = self._youju.notes
        exchanges = saved.load(notes.exchanges(conversation_id))
        if not exchanges:
            return None
        for _, number, judgement in notes.judgements(conversation_id):
            for exchange in exchanges:
                if exchange.number == number:
                    exchange.judged, exchange.reason = judgement.good, judgement.reason
        return Conversation(conversation_id, exchanges, exchanges[-1].scope)

    def _judge(self, conversation: Conversation, act: Act) -> None:
        """Keep what the reader thinks of an answer; the same opinion again takes it back."""
        number, good = int(act["number"]), act["good"] == "1"
        exchange = next(e for e in conversation.exchanges if e.number == number)
        again = good and exchange.judged is True
        reason, expected = str(act.get("reason", "")), str(act.get("expected", "")).strip()
        judgement = None if again else Judgement(good, reason, expected, saved.dump(exchange))
        self._youju.notes.judge(conversation.id, number, judgement)
        exchange.judged, exchange.reason = (None, "") if again else (good, reason)
