"""What leaves the window: an answer for the clipboard, a conversation as Markdown, judgements as a question set."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from rag.store.notes import Judgement
from rag.types import Answer, Citation, Verdict
from rag.ui.cards import claims
from rag.ui.conversation import Exchange
from rag.ui.saved import load
from rag.ui.texts import Texts

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def markdown(exchanges: Sequence[Exchange], t: Texts) -> str:
    """A conversation, its sources as footnotes. Nothing in it is a link or an image."""
    title = exchanges[0].question if exchanges else t.title
    told = [f"## {_plain(e.question)}\n\n{_body(e, e.answer, t)}" for e in exchanges if e.answer]
    return "\n".join([f"# {_plain(title)}\n", *told])


def _body(exchange: Exchange, answer: Answer, t: Texts) -> str:
    if answer.refused or not answer.sentences:
        return _plain(answer.text) + "\n"
    text = "".join(_plain(s.text) + "".join(f"[^{exchange.number}-{m}]" for m in s.markers) for s in answer.sentences)
    doubts = [line for s in answer.sentences if s.verdict is not Verdict.SUPPORTED for line in claims(s, t)]
    warned = "".join(f"> {_plain(line)}\n" for line in dict.fromkeys(doubts))
    notes = "".join(f"[^{exchange.number}-{c.marker}]: {_plain(line)}\n" for c, line in sources(exchange, t))
    return f"{text}\n\n{warned}{chr(10) if warned else ''}{notes}"


def sources(exchange: Exchange, t: Texts) -> list[tuple[Citation, str]]:
    """Each citation of an answer, with a line that says where it stands and its words."""
    found = []
    for c in exchange.answer.citations if exchange.answer else ():
        where = exchange.places.get(c.marker)
        lines = ""
        if where:
            template = t.line if where.first == where.last else t.lines
            lines = template.format(first=where.first, last=where.last)
        known = [f"《{c.title or c.document}》", str(c.date or t.no_date), " ".join(filter(None, (c.document, lines)))]
        found.append((c, f"{'，'.join(known)}：“{c.quote}”"))
    return found


def copied(exchange: Exchange, t: Texts) -> str:
    """An answer with its numbered sources, as plain text."""
    answer = exchange.answer
    if not answer:
        return ""
    if answer.refused or not answer.sentences:
        return answer.text
    text = "".join(s.text + "".join(f"[{m}]" for m in s.markers) for s in answer.sentences)
    return text + "".join(f"\n[{c.marker}] {line}" for c, line in sources(exchange, t))


def question_set(judgements: Sequence[tuple[str, int, Judgement]]) -> str:
    """Judged answers as lines of a question set for ``youju eval``.

    An answer found good is what is expected, with its quotations as evidence; of one found faulty the reader's own
    words are. A fault without the right answer cannot be measured and is left out.
    """
    rows = []
    for key, number, judgement in judgements:
        for e in load([judgement.content]):
            row = _question(f"{key[:8]}-{number}", e, judgement)
            if row:
                rows.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(rows)


def _question(name: str, e: Exchange, judgement: Judgement) -> dict[str, object] | None:
    assert e.answer
    question = {"id": name, "question": e.answer.rewritten or e.question, "type": "judged", "note": judgement.reason}
    if e.answer.refused and judgement.good:
        return {**question, "answerable": False}
    quoted = [{"document": c.document, "text": c.quote} for c in e.answer.citations]
    shown = [{"document": i.hit.document, "text": i.quote} for i in e.found.evidence] if e.found else []
    evidence = quoted or shown
    must = [[judgement.expected]] if judgement.expected else _said(e.answer) if judgement.good else []
    if not must or not evidence:
        return None
    return {**question, "answerable": True, "must": must, "evidence": evidence, "evidence_any": not judgement.good}


def _said(answer: Answer) -> list[list[str]]:
    """What an answer must say again: its figures, or its names, or failing both its sentences."""
    for kinds in (("number", "date"), ("name", "item")):
        said = [c.claimed for s in answer.sentences for c in s.claims if c.kind in kinds]
        if said:
            return [[word] for word in dict.fromkeys(said)]
    return [[s.text.strip().rstrip("。")] for s in answer.sentences if s.markers]


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
