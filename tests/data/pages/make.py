"""Makes the pages of this folder and their truth from ``seeds/``: ``python tests/data/pages/make.py`` (wants reportlab).

Two, three and five columns under a headline, the lines of each drawn in reading order, row by row across the columns, and at
random with the columns out of step; a font that is not embedded; a page number at the foot.
"""

from __future__ import annotations

import random
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.ingest import load_document

HERE = Path(__file__).parent
SEEDS = HERE.parents[2] / "seeds"
WIDE, HIGH, GUTTER, SIZE, PITCH = 595, 842, 14, 9, 14  # points
HEADLINE = "青河市加快水利建设步伐"
FONT = "STSong-Light"


def paragraphs() -> list[str]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        document = load_document(path)
        found += [document.text[b.start : b.end] for b in document.blocks if b.kind == "body" and b.end - b.start > 60]
    return found[:10]


def page(name: str, columns: int, way: str) -> None:
    width = (WIDE - 80 - GUTTER * (columns - 1)) / columns
    most = int(width // SIZE)
    lines = []
    for paragraph in paragraphs():
        indented = "　　" + paragraph
        lines += [indented[at : at + most] for at in range(0, len(indented), most)]
    each = -(-len(lines) // columns)
    drawn: list[tuple[float, float, str, int]] = [(40, HIGH - 70, HEADLINE, 24)]
    for column in range(columns):
        left, top = 40 + column * (width + GUTTER), HIGH - 110 - (column * 3 if way == "random" else 0)
        drawn += [(left, top - row * PITCH, text, SIZE) for row, text in enumerate(lines[column * each :][:each])]
    if way == "rows":
        drawn.sort(key=lambda line: (-line[1], line[0]))
    if way == "random":
        random.Random(1).shuffle(drawn)
    canvas = Canvas(str(HERE / name), pagesize=(WIDE, HIGH), invariant=1)
    for x, y, text, size in drawn:
        canvas.setFont(FONT, size)
        canvas.drawString(x, y, text)
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(WIDE / 2, 20, "— 3 —")
    canvas.save()


def locked(name: str, encryption: StandardEncryption) -> None:
    canvas = Canvas(str(HERE / name), pagesize=(WIDE, HIGH), encrypt=encryption, invariant=1)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(40, 700, "青河水库总库容1.1亿立方米。")
    canvas.save()


if __name__ == "__main__":
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    for name, columns, way in (("r2order.pdf", 2, "order"), ("r3rows.pdf", 3, "rows"), ("r5random.pdf", 5, "random")):
        page(name, columns, way)
    locked("locked.pdf", StandardEncryption("secret"))
    locked("owner.pdf", StandardEncryption("", ownerPassword="boss", canCopy=0))
    (HERE / "truth.txt").write_text("\n".join([HEADLINE, *paragraphs()]) + "\n", encoding="utf-8")
