"""Small articles for tests of stores: one sentence a window, and vectors drawn from the words of each window."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from rag.store.base import Vectors
from rag.types import ArticleDate, Block, BlockKind, Document, Passage, Run, Span

DIMENSION = 16
IDENTITY = {
    "embedder_name": "drawn",
    "embedder_fingerprint": "f1",
    "dimension": DIMENSION,
    "splitter_version": "s1",
}


def vector(text: str) -> npt.NDArray[np.float32]:
    """The same for the same words, near orthogonal for others. Shape (DIMENSION,), length 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8], "big")
    drawn = np.random.default_rng(seed).standard_normal(DIMENSION)
    return np.asarray(drawn / np.linalg.norm(drawn), dtype=np.float32)


def article(
    name: str, passages: Sequence[Sequence[str]], *, title: str = "", heading: str = "", when: ArticleDate | None = None
) -> tuple[Document, list[Passage], Vectors]:
    """What ``Store.put`` takes. ``passages`` are lists of sentences; each sentence is a window."""
    text, found, blocks = "", [], []
    for ordinal, sentences in enumerate(passages):
        start, spans = len(text), []
        for sentence in sentences:
            spans.append(Span(len(text), len(text) + len(sentence)))
            text += sentence
        body = text[start:]
        found.append(
            Passage(
                f"{name}:{ordinal}", name, ordinal, start, len(text), body, title, heading, tuple(spans), tuple(spans)
            )
        )
        blocks.append(Block(BlockKind.BODY, start, len(text)))
        text += "\n"
    document = Document(
        id=name,
        name=f"{name}.txt",
        path=f"/articles/{name}.txt",
        sha256=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        encoding="utf-8",
        title=title,
        date=when,
        source=text,
        text=text,
        runs=(Run(0, 0, len(text)),),
        blocks=tuple(blocks),
    )
    rows = [vector(passage.slice(window)) for passage in found for window in passage.windows]
    return document, found, np.stack(rows) if rows else np.empty((0, DIMENSION), np.float32)


YANGZHOU = article(
    "yangzhou",
    [
        ["扬州召开新春第一会，主题是民营经济高质量发展。", "市委书记王进健发言。"],
        ["推动工业开票2025年突破9,000亿元。", "地区生产总值迈上新台阶。"],
        ["新霖飞集团生产N型TOPCon电池。"],
    ],
    title="扬州民营经济大会",
    heading="新春第一会",
    when=ArticleDate(date(2025, 2, 18), "day", "文中日期"),
)
TAIPEI = article("taipei", [["臺北的資訊產業在１９８０年代起飛。"], ["捷運每日載客二百萬人次。", "夜市很熱鬧。"]])
SHIPS = article(
    "ships", [["造船企业手持订单占全国20.63 %。"], ["江苏出口船舶10074.1万载重吨。"]], title="船舶出口", heading="数据"
)
