"""How fast the embedded store writes, opens and searches, by size.

    python benchmarks/store.py --sizes 1000 10000

Texts are drawn: words of two characters, frequent and rare ones as in real language (Zipf), 300 characters and four
windows a passage, twenty passages a document. Vectors are drawn too. Times are of this machine, this once: compare
rows, not machines.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from rag.store.base import Vectors
from rag.store.embedded import EmbeddedStore, open_store
from rag.types import Block, BlockKind, Document, Passage, Run, Span

PASSAGES_A_DOCUMENT = 20
CHARACTERS, WINDOWS = 300, 4

Article = tuple[Document, list[Passage], Vectors]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], help="numbers of passages")
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--queries", type=int, default=50)
    options = parser.parse_args()
    columns = ("passages", "put/s", "dense ms", "lexical ms", "replace ms", "save s", "open s", "rebuild s", "MB")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---:|" * len(columns))
    for size in options.sizes:
        print("| " + " | ".join(_measure(size, options.dimension, options.queries)) + " |", flush=True)


def _measure(size: int, dimension: int, queries: int) -> list[str]:
    generator = np.random.default_rng(0)
    words = _words(generator)

    def ask(store: EmbeddedStore, search: Callable[[EmbeddedStore], object]) -> float:
        return 1000 * statistics.median(_seconds(lambda: search(store)) for _ in range(queries))

    def by_words(store: EmbeddedStore) -> object:
        return store.search_lexical(words(20), 50)

    def by_vector(store: EmbeddedStore) -> object:
        return store.search_dense(_unit(generator, 1, dimension)[0], 50)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "index"

        def open_(*, create: bool = False) -> EmbeddedStore:
            return open_store(
                folder,
                embedder_name="drawn",
                embedder_fingerprint="",
                dimension=dimension,
                splitter_version="",
                create=create,
            )

        articles = list(_articles(size, dimension, generator, words))
        store = open_(create=True)
        with store.batch():
            put = sum(_timed_puts(store, articles))
            saving = _seconds(store.flush)
        dense, lexical = ask(store, by_vector), ask(store, by_words)
        with store.batch():
            replace = 1000 * statistics.median(_timed_puts(store, articles[:10]))
        store.close()
        opening = _seconds(lambda: open_().close())
        (folder / "caches.json").unlink()
        rebuilding = _seconds(lambda: open_().close())
        megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    times = (f"{dense:.1f}", f"{lexical:.2f}", f"{replace:.0f}", f"{saving:.2f}", f"{opening:.2f}", f"{rebuilding:.1f}")
    return [f"{size:,}", f"{size / put:,.0f}", *times, f"{megabytes:,.0f}"]


def _timed_puts(store: EmbeddedStore, articles: Iterable[Article]) -> Iterator[float]:
    for document, passages, vectors in articles:
        start = time.perf_counter()
        store.put(document, passages, vectors)
        yield time.perf_counter() - start


def _articles(
    size: int, dimension: int, generator: np.random.Generator, words: Callable[[int], str]
) -> Iterator[Article]:
    for number in range(0, size, PASSAGES_A_DOCUMENT):
        key, count = f"d{number}", min(PASSAGES_A_DOCUMENT, size - number)
        text = words(CHARACTERS * count)
        passages = []
        for ordinal in range(count):
            start, step = ordinal * CHARACTERS, CHARACTERS // WINDOWS
            spans = tuple(Span(start + n * step, start + (n + 1) * step) for n in range(WINDOWS))
            body = text[start : start + CHARACTERS]
            passages.append(
                Passage(f"{key}:{ordinal}", key, ordinal, start, start + CHARACTERS, body, "", "", spans, spans)
            )
        runs, blocks = (Run(0, 0, len(text)),), (Block(BlockKind.BODY, 0, len(text)),)
        document = Document(key, key, key, "", "utf-8", "", None, text, text, runs, blocks)
        yield document, passages, _unit(generator, count * WINDOWS, dimension)


def _words(generator: np.random.Generator) -> Callable[[int], str]:
    """Draws text of a number of characters."""
    vocabulary = np.array(["".join(map(chr, pair)) for pair in generator.integers(0x4E00, 0x6E00, size=(50_000, 2))])
    weights = 1 / np.arange(1, len(vocabulary) + 1)
    cumulative = np.cumsum(weights / weights.sum())

    def draw(characters: int) -> str:
        chosen = np.searchsorted(cumulative, generator.random((characters + 1) // 2))
        return "".join(vocabulary[np.minimum(chosen, len(vocabulary) - 1)])[:characters]

    return draw


def _unit(generator: np.random.Generator, rows: int, dimension: int) -> Vectors:
    drawn = generator.standard_normal((rows, dimension), dtype=np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
