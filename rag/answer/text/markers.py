"""Where an answer says what it rests on: 「……[1][3]。」."""

from __future__ import annotations

import re

from rag.ingest.split import sentences as sentence_spans

_MARKER = re.compile(r"\s*[\[【［]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】］]")


def split_markers(raw: str) -> list[tuple[str, tuple[int, ...]]]:
    """Sentences without markers, each with the numbers of its own markers.

    A marker behind the full stop belongs to the sentence before it.
    """
    text = raw.strip()
    places = [(m.start(), m.end(), tuple(int(n) for n in re.findall(r"\d+", m[1]))) for m in _MARKER.finditer(text)]
    bare, at = [], 0
    stands: list[tuple[int, tuple[int, ...]]] = []  # position in the bare text
    length = 0
    for start, end, numbers in places:
        bare.append(text[at:start])
        length += start - at
        stands.append((length, numbers))
        at = end
    bare.append(text[at:])
    clean = "".join(bare)
    found = []
    for span in sentence_spans(clean, 0, len(clean)):
        said = clean[span.start : span.end].strip()
        if not any(c.isalnum() for c in said):
            continue
        markers = dict.fromkeys(n for place, ns in stands if span.start < place <= span.end for n in ns)
        found.append((re.sub(r"\s*\n\s*", "", said), tuple(markers)))
    return found
