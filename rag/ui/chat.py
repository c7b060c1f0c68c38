"""The handlers of the window: a few lines each over ``Youju.stream``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.ui import cards, render
from rag.ui.background import steps
from rag.ui.conversation import Conversation, follow
from rag.ui.texts import EXAMPLES, texts

Updates = dict[str, Any]  # name of a component of the window → its new value or gr.update(…)


class Chat:
    """What the window's buttons do. Handlers return the components that change, by name."""

    def __init__(self, youju: Youju) -> None:
        self._youju = youju

    async def ask(self, question: str, conversation: Conversation) -> AsyncGenerator[Updates, None]:
        """Put a question; the window again whenever the answer has grown."""
        question = question.strip()
        if not question or conversation.running:
            return
        history = conversation.turns()
        exchange = conversation.begin(question)
        yield {"box": "", **self.view(conversation)}
        shown = None
        try:
            async with aclosing(steps(lambda: follow(self._youju, exchange, history))) as grown:
                async for _ in grown:
                    t = texts(conversation.language)
                    changed: Updates = {"answer": render.answer(exchange, t)}
                    if exchange.found is not shown:  # once: the cards stand still while the text grows
                        shown = exchange.found
                        changed["evidence"] = cards.evidence(exchange, t)
                    yield changed
        except YoujuError as error:
            exchange.error = error
        except Exception:
            exchange.failed = True
            yield self.view(conversation)
            raise  # to Gradio, which prints it in the terminal
        yield self.view(conversation)

    def open(self, conversation: Conversation) -> Updates:
        """The whole window, as when its page is opened; Gradio gives every page a new conversation."""
        return {**self.front(conversation), **self.view(conversation)}

    def stop(self, conversation: Conversation) -> Updates:
        conversation.stop()
        return self.view(conversation)

    def clear(self, conversation: Conversation) -> Updates:
        conversation.stop()
        conversation.exchanges.clear()
        return {"box": "", **self.open(conversation)}

    def switch_language(self, conversation: Conversation) -> Updates:
        """Everything in the other language, a running answer included."""
        conversation.language = "en" if conversation.language == "zh" else "zh"
        t = texts(conversation.language)
        return {
            "box": gr.update(placeholder=t.placeholder, label=t.placeholder),
            "language": gr.update(value=t.other_language),
            "hint": render.hint(t),
            **self.open(conversation),
        }

    def front(self, conversation: Conversation) -> Updates:
        """The first page: what is in the index, and questions to begin with that it can answer."""
        documents = self._youju.documents()
        names = {document.name for document in documents}
        visible = [document in names for _, document in EXAMPLES]
        t = texts(conversation.language)
        return {
            "welcome": render.welcome(t),
            "archive": render.archive(documents, t),
            "try_asking": gr.update(value=render.try_asking(t), visible=any(visible)),
            **{f"example{i}": gr.update(visible=shown) for i, shown in enumerate(visible)},
        }

    def view(self, conversation: Conversation) -> Updates:
        """The conversation as it stands."""
        t, asked, running = texts(conversation.language), conversation.exchanges, conversation.running
        return {
            "front": gr.update(visible=not asked),
            "current": gr.update(visible=bool(asked)),
            "earlier": render.earlier(asked[:-1], t),
            "answer": render.answer(asked[-1], t) if asked else "",
            "evidence": cards.evidence(asked[-1], t) if asked else "",
            "send": gr.update(value=t.send, visible=not running),
            "stop": gr.update(value=t.stop, visible=running),
            "clear": gr.update(value=t.clear, visible=bool(asked)),
        }
