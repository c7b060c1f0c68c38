"""The list of conversations that were kept: found, named, taken up, forgotten and brought back."""

from __future__ import annotations

from rag.pipeline import Youju
from rag.ui import export, front, keeping, saved
from rag.ui.session import Act, Forgotten, Session


class Past:
    def __init__(self, youju: Youju) -> None:
        self._notes = youju.notes

    def show(self, session: Session) -> str:
        notes, gone, look = self._notes, session.forgotten, session.past
        current = session.conversation.id
        return front.history(
            notes.conversations(look.find, saved.WORDS),
            current if current and notes.last(current) else "",
            session.t,
            find=look.find,
            naming=look.naming,
            writable=notes.writable,
            deleted=gone.title if gone else "",
            judged=bool(export.question_set(notes.judgements())),
        )

    def do(self, session: Session, act: Act) -> bool:
        """One action on the list; False: that is none. Raises StoreError."""
        key, look = str(act.get("id", "")), session.past
        match act["do"]:
            case "find_past":
                look.find = str(act["find_past"]).strip()
            case "name":
                look.naming = "" if look.naming == key else key
            case "named":
                if title := " ".join(str(act["title"]).split()):
                    self._notes.rename(key, title)
                look.naming = ""
            case "forget":
                session.forgotten = self._forget(key)
            case "unforget" if session.forgotten:
                gone, session.forgotten = session.forgotten, None
                for number, content in gone.exchanges:
                    self._notes.keep(gone.id, gone.title, number, content)
            case _:
                return False
        return True

    def take_up(self, session: Session, conversation_id: str) -> None:
        """Go on with a conversation that was kept; one that is gone is passed over. Raises StoreError."""
        if conversation := keeping.take_up(self._notes, conversation_id):
            session.conversation = conversation

    def _forget(self, conversation_id: str) -> Forgotten | None:
        notes = self._notes
        title = next((c.title for c in notes.conversations() if c.id == conversation_id), None)
        if title is None:  # forgotten from another page
            return None
        contents = notes.exchanges(conversation_id)
        numbered = tuple((saved.number(content), content) for content in contents)
        notes.forget(conversation_id)
        return Forgotten(conversation_id, title, numbered)
