"""Passages by BM25: tantivy over terms that are cut here, in Python. A cache of the library's texts.

Nothing a user types reaches tantivy's query parser: queries are built term by term.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rag.store import analyze

FOLDER_NAME = "lexical"
# Weight of a match in each field. Tried with passages of CMRC 2018 and DRCD cut into pieces of 150 characters, the first
# clause of the whole as their title; hit@1 (hit@10) at 0, 0.2, 0.3, 0.4 and 0.8: .820 (.972), .821 (.984), .823 (.992),
# .824 (.994), .825 (.995) on CMRC 2018; .896 (.985), .898 (.987), .892 (.989), .890 (.987), .871 (.986) on DRCD.
BOOSTS = {"text": 1.0, "title": 0.3, "heading": 0.3}
_MOST_TERMS = 256  # of one question; of a longer one the rarest count
_HEAP_BYTES = 50_000_000  # of the writer, before it writes a segment

Terms = dict[str, str]  # field → its terms with spaces between


def terms(text: str, title: str, heading: str) -> Terms:
    """What is kept of a passage. Cutting is what takes the time of adding one: a second for two thousand passages."""
    return {name: " ".join(analyze.terms(value)) for name, value in zip(BOOSTS, (text, title, heading), strict=True)}


class LexicalIndex:
    """On disk, or in memory where there is no folder. Not safe to use while it is changed from another thread."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._index.config_reader(reload_policy="manual")  # the default watches the folder from a thread of its own
        self._index.reload()
        self._searcher = index.searcher()
        self._writer: Any = None
        self._pending = False
        self.ghosts = 0  # passages removed since it was made; BM25 goes on counting them until segments merge

    @classmethod
    def create(cls, folder: Path | None) -> LexicalIndex:
        """Empty, in place of whatever ``folder`` holds; None: in memory. Raises OSError, ValueError."""
        import tantivy

        if folder is None:
            return cls(tantivy.Index(_schema()))
        old = folder.with_name(f"{folder.name}.old")
        _discard(old)
        if folder.exists():
            folder.rename(old)  # a writer that was abandoned may still be putting files into it
        folder.mkdir()
        index = cls(tantivy.Index(_schema(), str(folder)))
        _discard(old)
        return index

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """From a folder known to be whole. Raises OSError, ValueError."""
        import tantivy

        return cls(tantivy.Index.open(str(folder)))

    @property
    def rows(self) -> int:
        """Passages held, once committed."""
        return int(self._searcher.num_docs)

    def add(self, passages: Iterable[tuple[int, Terms]]) -> None:
        """Rows not held yet, each with its ``terms``. Found after ``commit``."""
        import tantivy

        writer = self._begin()
        for row, cut in passages:
            writer.add_document(tantivy.Document(row=row, **cut))

    def remove(self, rows: Sequence[int]) -> None:
        """Rows not held are passed over."""
        if rows:
            writer = self._begin()
            for row in rows:
                writer.delete_documents_by_term("row", row)
            self.ghosts += len(rows)

    def commit(self) -> None:
        """Make what was added and removed show. Raises ValueError where tantivy cannot write."""
        if self._pending:
            self._writer.commit()
            self._index.reload()
            self._searcher = self._index.searcher()
            self._pending = False

    def release(self) -> None:
        """Commit, let merges end and the files rest, and let go of tantivy's lock on the folder."""
        self.commit()
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None
            self._index.reload()
            self._searcher = self._index.searcher()

    def abandon(self) -> None:
        """Let go without a commit: for an index that is thrown away."""
        self._writer = None
        self._pending = False

    def search(self, text: str, k: int, rows: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Rows (of ``rows``, where given) and BM25 scores, as of the last ``commit``, best first; equals in the order of
        their rows. The scores are those of a search over all.
        """
        if k < 1 or not self.rows or (rows is not None and not rows):
            return []
        query = self._query(analyze.question_terms(text))
        if rows is not None:
            query = self._within(query, rows)
        found = self._searcher.search(query, min(k, self.rows), count=False).hits
        places = self._searcher.fast_field_values("row", [address for _, address in found])
        return sorted(
            ((int(row), float(score)) for row, (score, _) in zip(places, found, strict=True)),
            key=lambda match: (-match[1], match[0]),
        )

    def term_counts(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each term stands, as of the last ``commit``."""
        return [int(self._searcher.doc_freq("text", term)) for term in terms]

    def _within(self, query: Any, rows: Sequence[int]) -> Any:
        from tantivy import Occur, Query

        allowed = Query.const_score_query(Query.term_set_query(self._index.schema, "row", list(rows)), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, allowed)])

    def _begin(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, 1)  # one thread: the same puts give the same segments
        self._pending = True
        return self._writer

    def _query(self, terms: list[str]) -> Any:
        from tantivy import Occur, Query

        schema = self._index.schema
        if len(terms) == 1 and len(terms[0]) == 1 and not terms[0].isascii():
            # One character is not a term of its own inside a longer word: take every pair that holds it.
            return Query.regex_query(schema, "text", f".?{terms[0]}.?")
        if len(terms) > _MOST_TERMS:
            counts = {term: self._searcher.doc_freq("text", term) for term in terms}
            terms = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])[:_MOST_TERMS]
        return Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(Query.term_query(schema, name, term, index_option="freq"), boost))
                for term in terms
                for name, boost in BOOSTS.items()
            ]
        )


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)  # what cannot go now goes the next time
    else:
        path.unlink(missing_ok=True)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", indexed=True, fast=True)
    for name in BOOSTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
