"""How long a user waits: for a search, and in the window from Enter to the first evidence on the screen.

Articles are those of ``eval/seeds.jsonl`` (seeds/), and public ones: the passages of ChronoQA (arXiv:2508.12282; MIT),
CMRC 2018 and DRCD, then news of CRUD-RAG (arXiv:2401.17043), until the index holds as many passages as are wanted::

    python benchmarks/speed.py DATA_FOLDER [--passages 10000] [--limit 5] [--json]

*Search* is ``Youju.search`` of ChronoQA's questions, each with its own day, embedding of the question included. *First
evidence* is measured in Chromium on the served window: from the key to the frame that shows the first card, or for a
question that is refused the first place to read. Both on this machine, one after the other, with the models loaded; no
language model is asked. Questions are different ones every time. Without Chromium there is only the search. DATA_FOLDER
holds chronoqa/, cmrc2018/, drcd/ and news/. Making the index takes an hour on two cores, once; it goes on where it was
cut off.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

from runs import ROOT, Row, finish, folder, options
from shelf import grown, library, models

from rag.evaluate import load_beir, load_questions
from rag.models.embedder import Embedder
from rag.pipeline import Youju
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEED = 20261122
SEARCHED, ASKED, WARM = 200, 30, 5  # questions; those to warm up with are not counted
CORPORA = ("chronoqa", "cmrc2018", "drcd")
SEARCH, EMBEDDING, WINDOW = "search", "of which embedding the question", "first evidence in the window"
TARGETS = {("public", SEARCH): 60, ("seeds", WINDOW): 500, ("public", WINDOW): 800}  # ms, of the median
BOX = "#yj-box textarea"
# From Enter to the frame that shows the first card, or of a refusal the first place to read, in milliseconds.
SHOWN = """() => {
    const box = document.querySelector("#yj-box textarea");
    let started = 0;
    window.took = null;
    box.addEventListener("keydown", () => { started = performance.now(); }, {once: true, capture: true});
    const watching = new MutationObserver(() => {
        const first = document.querySelector("#yj-side .yj-card, #yj-answer .yj-near li");
        const place = first?.getBoundingClientRect();
        if (!started || !place?.height || place.top >= innerHeight || place.bottom <= 0) return;
        watching.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.took = performance.now() - started; }));
    });
    watching.observe(document.body, {childList: true, subtree: true, attributes: true});
}"""


class Asked(NamedTuple):
    id: str
    text: str
    today: date | None


class Waits(NamedTuple):
    """Milliseconds."""

    count: int
    median: float
    p95: float


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--passages", type=int, default=10_000, help="at least so many in the large index")
    chosen = parser.parse_args()
    settings = load_settings({"llm.provider": "none"})
    place, rows, held = folder(settings, "speed"), [], {}
    seeds = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}
    asked = {"seeds": seed_questions(), "public": public_questions(chosen.data)}
    with models(settings) as (embedder, _), ExitStack() as stack:
        public = partial(grown, settings, embedder, None, place, articles(chosen.data), chosen.passages)
        opening = {"seeds": partial(library, settings, embedder, None, place / "seeds", seeds), "public": public}
        libraries = {name: stack.enter_context(opened()) for name, opened in opening.items()}
        for name, youju in libraries.items():
            held[name] = sum(info.passages for info in youju.documents())
            rows += searched(name, youju, embedder, asked[name][: chosen.limit or SEARCHED])
        for name, youju in libraries.items():
            with window(youju, settings) as page:
                if page is None:
                    print("no Chromium or no Playwright here: the window is left out", file=sys.stderr)
                    break
                rows += shown(name, page, asked[name][-(chosen.limit or ASKED) - WARM :])
    found, stood = summary(rows), circumstances()
    result = {"seed": SEED, "passages": held, **stood, "figures": as_json(found)}
    finish(chosen, "speed", settings, result, rows, report(found, held, stood))


def articles(data: Path) -> dict[str, str]:
    """File name → text: the corpora, then the news."""
    texts = {f"{name}-{p.id}.txt": p.text for name in CORPORA for p in load_beir(data / name).corpus}
    with gzip.open(data / "news" / "news-10k.jsonl.gz", "rt", encoding="utf-8") as lines:
        return texts | {f"news-{row['id']}.txt": row["text"] for row in map(json.loads, lines)}


def public_questions(data: Path) -> list[Asked]:
    return shuffled([Asked(q.id, q.text, q.today) for q in load_beir(data / CORPORA[0]).queries])


def seed_questions() -> list[Asked]:
    """Those that need no earlier turn."""
    listed = load_questions(ROOT / "eval" / "seeds.jsonl").questions
    return shuffled([Asked(q.id, q.question, q.today) for q in listed if not q.history])


def shuffled(questions: Sequence[Asked]) -> list[Asked]:
    """In an order that is the same every time, each text once."""
    distinct = list({question.text: question for question in questions}.values())
    return random.Random(SEED).sample(distinct, len(distinct))


def searched(name: str, youju: Youju, embedder: Embedder, questions: Sequence[Asked]) -> list[Row]:
    rows: list[Row] = []
    for question in [*questions[:WARM], *questions]:
        whole = milliseconds(partial(youju.search, question.text, today=question.today))
        alone = milliseconds(partial(embedder.embed_query, question.text))
        rows += [row(name, SEARCH, question, whole), row(name, EMBEDDING, question, alone)]
    return rows[2 * len(questions[:WARM]) :]


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


@contextmanager
def window(youju: Youju, settings: Settings) -> Iterator[Page | None]:
    """The served window in Chromium; None where there is none. No conversation is left behind."""
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import chromium, find_chromium, opened, served

    if find_chromium() is None or find_spec("playwright") is None:
        yield None
        return
    try:
        with served(youju, settings) as address, chromium() as browser, opened(browser, address) as page:
            yield page
    finally:
        for conversation in youju.notes.conversations():
            youju.notes.forget(conversation.id)


def shown(name: str, page: Page, questions: Sequence[Asked]) -> list[Row]:
    """Each question in a conversation of its own."""
    rows = []
    for question in questions:
        page.evaluate(SHOWN)
        page.fill(BOX, question.text)
        page.press(BOX, "Enter")
        page.wait_for_function("window.took !== null")
        rows.append(row(name, WINDOW, question, page.evaluate("window.took")))
        page.wait_for_selector('#yj-answer [data-state="done"]')
        page.click("#yj-clear")
        page.wait_for_selector("#yj-current", state="hidden")
    return rows[WARM:]


def row(index: str, what: str, question: Asked, ms: float) -> Row:
    return {"id": f"{index}:{question.id}", "index": index, "what": what, "ms": round(ms, 1)}


def summary(rows: Sequence[Row]) -> dict[tuple[str, str], Waits]:
    """By index and what was waited for."""
    found = {}
    for key in dict.fromkeys((one["index"], one["what"]) for one in rows):
        times = [one["ms"] for one in rows if (one["index"], one["what"]) == key]
        p95 = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        found[key] = Waits(len(times), median(times), p95)
    return found


def as_json(found: dict[tuple[str, str], Waits]) -> list[dict[str, object]]:
    return [
        {
            "index": index,
            "what": what,
            "questions": waits.count,
            "median_ms": round(waits.median, 1),
            "p95_ms": round(waits.p95, 1),
            "target_ms": TARGETS.get((index, what)),
        }
        for (index, what), waits in found.items()
    ]


def circumstances() -> dict[str, float]:
    """What else the machine had to do: its load average over the last 5 minutes (1 is one core busy); and our threads."""
    import torch

    return {
        "load_average": round(os.getloadavg()[1], 1),
        "cores": os.cpu_count() or 1,
        "threads": torch.get_num_threads(),
    }


def busy(stood: Mapping[str, float]) -> bool:
    """More to do than this benchmark and its browser bring along."""
    return stood["load_average"] > 1.5 * stood["cores"]


def report(found: dict[tuple[str, str], Waits], held: dict[str, int], stood: Mapping[str, float]) -> list[str]:
    lines = [
        "# How long a user waits",
        "",
        "`python benchmarks/speed.py DATA_FOLDER`: milliseconds, on the machine that `speed.json` names, models loaded, one question at a",
        "time, each once. *Search*: `Youju.search`, embedding of the question included. *First evidence*: in Chromium, from Enter to the frame",
        "that shows the first card (of a refusal: the first place to read); no language model is asked.",
        "",
        f"Load average of the machine while it was measured: {stood['load_average']} on {stood['cores']} cores; threads of the embedding model: "
        f"{stood['threads']}."
        + (" **Others were using the machine: all of it is slower than it need be.**" if busy(stood) else ""),
        "",
        "| articles | passages | measured | questions | median, ms | p95, ms | target for the median |",
        "|---|---|---|---|---|---|---|",
    ]
    for (index, what), waits in found.items():
        target = TARGETS.get((index, what))
        wanted = "–" if target is None else f"≤ {target}, {'met' if waits.median <= target else 'missed'}"
        name = {"seeds": "seeds/", "public": "ChronoQA, CMRC 2018, DRCD, news"}[index]
        lines.append(
            f"| {name} | {held[index]:,} | {what} | {waits.count} | {waits.median:.0f} | {waits.p95:.0f} | {wanted} |"
        )
    return lines


if __name__ == "__main__":
    main()
