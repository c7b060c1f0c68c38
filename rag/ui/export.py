"""What leaves the window: an answer for the clipboard, a conversation as Markdown, judgements as a question set."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from rag.store.notes import Judgement
from rag.types import Answer, Citation
from rag.ui import scope
from rag.ui.cards import checked, refusal
from rag.ui.conversation import Exchange
from rag.ui.saved import load
from rag.ui.texts import Texts

# What Markdown would take for markup: _ only at the edge of a word, # only where a line begins.
_SPECIAL = re.compile(r"([\\`*\[\]<>~]|(?<!\w)_|_(?!\w)|!(?=\[)|&(?=#?\w+;)|^#)")
_UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')  # for the name of a file, on some system or other
_NAMED = 30  # characters of the first question in the name
_TURNED = str.maketrans("“”‘’", "‘’“”")  # quotation marks inside a quotation


def file_name(exchanges: Sequence[Exchange]) -> str:
    """Of an exported conversation: the day it began, and its first question."""
    asked = exchanges[0].asked if exchanges else None
    question = _UNFIT.sub("-", exchanges[0].question[:_NAMED]).strip("-.。？") if exchanges else ""
    return "-".join(filter(None, ["有据", f"{asked:%Y-%m-%d}" if asked else "", question])) + ".md"


def markdown(exchanges: Sequence[Exchange], t: Texts) -> str:
    """A conversation, its sources as footnotes. Nothing in it is a link or an image."""
    told = [f"## {_plain(e.question)}\n\n{_when(e, t)}{_body(e, e.answer, t)}" for e in exchanges if e.answer]
    return "\n".join([f"# {t.export_title}\n", *told])


def _when(exchange: Exchange, t: Texts) -> str:
    """When it was asked, within what, and how it was understood."""
    told = [f"{exchange.asked:%Y-%m-%d %H:%M}"] if exchange.asked else []
    if exchange.scope:
        told.append(f"{t.scope}{t.colon}{scope.told(exchange.scope, t)}")
    if exchange.query and exchange.query.rewritten.strip() != exchange.question.strip():
        told.append(f"{t.understood}{t.colon}{exchange.query.rewritten}")
    return "".join(f"{_plain(' · '.join(told))}\n\n" for _ in told[:1])


def _body(exchange: Exchange, answer: Answer, t: Texts) -> str:
    """What the screen says: the answer, what the check found, the note; or the refusal, and what is near."""

    def feet(markers: Sequence[int]) -> str:
        return "".join(f"[^{exchange.number}-{m}]" for m in markers)

    if answer.refused:
        said = [_plain(refusal(exchange, t))]
    elif answer.sentences:
        said = ["".join(_plain(s.text) + feet(s.markers) for s in answer.sentences)]
    else:
        said = [_plain(answer.text)]
    said.append("\n".join(f"> {_plain(line)}" for line in checked(answer.sentences, t)))
    said.append(_plain(answer.note))
    if answer.refused and answer.near:
        said.append(_plain(t.nearest) + feet([c.marker for c in answer.near]))
    said.append("\n".join(f"[^{exchange.number}-{c.marker}]: {_plain(line)}" for c, line in sources(exchange, t)))
    return "\n\n".join(filter(None, said)) + "\n"


def sources(exchange: Exchange, t: Texts) -> list[tuple[Citation, str]]:
    """Each citation of an answer, or of a refusal what is near, with a line that says where it stands and its words."""
    found = []
    done = exchange.answer
    for c in (done.near if done.refused else done.citations) if done else ():
        where = exchange.places.get(c.marker)
        lines = where.told(t) if where else ""
        known = [f"《{c.title or c.document}》", str(c.date or t.no_date), " ".join(filter(None, (c.document, lines)))]
        found.append((c, f"{'，'.join(known)}：“{c.quote.translate(_TURNED)}”"))
    return found


def copied(exchange: Exchange, t: Texts) -> str:
    """An answer with its numbered sources, as plain text."""
    answer = exchange.answer
    if not answer:
        return ""
    if answer.refused:
        return refusal(exchange, t)
    if not answer.sentences:
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
            row = _question(f"{key[:8]}-{number}", e, judgement) if e.answer else None
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
    for kinds in (("number", "date"), ("name", "item", "word")):
        said = [c.claimed for s in answer.sentences for c in s.claims if c.kind in kinds]
        if said:
            return [[word] for word in dict.fromkeys(said)]
    return [[s.text.strip().rstrip("。")] for s in answer.sentences if s.markers]


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
