"""Answers and hits as JSON: one form for the command line, batches, evaluation and any HTTP edge."""

from __future__ import annotations

from typing import Any

from rag.origins import PageRegion, Region
from rag.times import NamedTime
from rag.types import Answer, ArticleDate, Citation, DocumentInfo, Hit, Passage, Span


def answer_json(answer: Answer) -> dict[str, Any]:
    """The keys of ``youju ask --json``. Offsets count characters of the article's repaired text; ``source_*`` of the file as given."""
    return {
        "question": answer.question,
        "rewritten": answer.rewritten,
        "answer": answer.text,
        "refused": answer.refused,
        "citations": [citation_json(citation) for citation in answer.citations],
        "sentences": [
            {
                "text": sentence.text,
                "markers": list(sentence.markers),
                "verdict": sentence.verdict.value,
                "claims": [
                    {"kind": c.kind, "claimed": c.claimed, "found": c.found, "verdict": c.verdict.value}
                    for c in sentence.claims
                ],
            }
            for sentence in answer.sentences
        ],
        "hits": [hit_json(hit) for hit in answer.hits],
        "timings": {
            "retrieve_s": _seconds(answer.timings.retrieve_s),
            "first_token_s": _seconds(answer.timings.first_token_s),
            "total_s": _seconds(answer.timings.total_s),
        },
        "model": answer.model,
        "note": answer.note,
        "near": [citation_json(citation) for citation in answer.near],
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "marker": citation.marker,
        "document": citation.document,
        "title": citation.title,
        "date": _date(citation.date),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "verdict": citation.verdict.value,
        "source_start": citation.source.start,
        "source_end": citation.source.end,
        "regions": [region_json(region) for region in citation.regions],
        "place": citation.place,
    }


def region_json(region: Region) -> dict[str, Any]:
    """A page and a box on it (points, from the top left of the page as shown), or a cell, or the path to a node."""
    if isinstance(region, PageRegion):
        return {"page": region.page, "box": [round(edge, 2) for edge in region.box]}
    return region._asdict()


def hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document,
        "title": hit.title,
        "date": _date(hit.date),
        "heading": hit.passage.heading,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(hit.score, 4),
        "dense_score": None if hit.dense_score is None else round(hit.dense_score, 4),
        "dense_rank": hit.dense_rank,
        "lexical_score": None if hit.lexical_score is None else round(hit.lexical_score, 4),
        "lexical_rank": hit.lexical_rank,
        "terms_in_one_window": round(hit.worded, 4),
        "time_agreement": None if hit.timely is None else round(hit.timely, 4),
    }


def document_json(info: DocumentInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "document": info.name,
        "path": info.path,
        "title": info.title,
        "date": _date(info.date),
        "date_reason": info.date.reason if info.date else None,
        "characters": info.characters,
        "passages": info.passages,
        "sha256": info.sha256,
    }


def time_json(time: NamedTime, passage: Passage) -> dict[str, Any]:
    """A time that a passage names. ``first`` and ``last`` are null where the words cannot be counted from what is known."""
    return {
        "passage": passage.ordinal,
        "start": time.start,
        "end": time.end,
        "text": passage.slice(Span(time.start, time.end)),
        "first": time.first.isoformat() if time.first else None,
        "last": time.last.isoformat() if time.last else None,
        "unsaid": time.unsaid,
        "compared": time.compared,
    }


def _date(date: ArticleDate | None) -> str | None:
    return str(date) if date else None


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
