"""Who holds which office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answer.claims.context import Line
from rag.answer.claims.pool import Pool
from rag.answer.claims.spotted import Holder, Name, holders
from rag.answer.text.cities import cities
from rag.types import Claim, Verdict


def offices(said: Line, there: Pool) -> Iterator[Claim]:
    """Who is said to hold an office must be named beside it."""
    people = {n.text for n in said.names if n.kind == "person"}
    people |= {n.text for item in there.placed for n in item.line.names if n.kind == "person"}
    claimed = holders(said.text, _located(people, said.text))
    if not claimed:
        return
    known = [
        h if h.whose or cities(item.line.text) else replace(h, whose=item.cities)
        for item in there.placed
        for h in holders(item.line.text, _located(people, item.line.text))
    ]
    for holder in claimed:
        if not holder.office.endswith("负责人"):
            claim = _office(holder, known)
            if claim is not None:
                yield claim


def _office(claimed: Holder, known: Sequence[Holder]) -> Claim | None:
    same_office = [h for h in known if _office_name(h.office) == _office_name(claimed.office)]
    of_person = [h for h in known if h.person == claimed.person]
    text = f"{claimed.office}{claimed.person}"
    for holder in same_office:
        if holder.person == claimed.person and _same_place(claimed, holder):
            return Claim("office", text, f"{holder.office}{holder.person}", Verdict.SUPPORTED)
    wrong = [h for h in same_office if _same_place(claimed, h)] or of_person or same_office
    if not wrong:
        return None
    return Claim(
        "office", text, f"{'、'.join(sorted(wrong[0].whose))}{wrong[0].office}{wrong[0].person}", Verdict.DIFFERS
    )


def _same_place(one: Holder, other: Holder) -> bool:
    return not one.whose or not other.whose or bool(one.whose & other.whose)


def _office_name(office: str) -> str:
    return {"ceo": "首席执行官", "cfo": "首席财务官", "cto": "首席技术官"}.get(office, office)


def _located(people: set[str], text: str) -> tuple[Name, ...]:
    found = [Name(m.start(), m.end(), p, "person") for p in people for m in re.finditer(re.escape(p), text)]
    kept = [
        n
        for n in found
        if not any(o is not n and o.start <= n.start and n.end <= o.end and len(o.text) > len(n.text) for o in found)
    ]
    return tuple(sorted(kept, key=lambda n: n.start))
