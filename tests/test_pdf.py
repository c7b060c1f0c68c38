"""Pages of which the truth is known: read in order, whole, and every character where its ink is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from small import small_youju

from rag.errors import IngestError
from rag.ingest import load_document
from rag.ingest.layout.flow import extract
from rag.ingest.layout.glyphs import Glyph, Line, line
from rag.ingest.split import split
from rag.origins import Box, Page, PageRegion, place
from rag.types import BlockKind, Document
from rag.wire import region_json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = Path(__file__).parent / "data" / "pages"
TRUTH = (PAGES / "truth.txt").read_text(encoding="utf-8").splitlines()
DRAWN = ["r2order.pdf", "r3rows.pdf", "r5random.pdf"]
APART = (BlockKind.FURNITURE, BlockKind.CAPTION)


def bare(text: str) -> str:
    return "".join(text.split())


def told(document: Document) -> str:
    """The article, without what stands beside it."""
    return bare("".join(document.text[b.start : b.end] for b in document.blocks if b.kind not in APART))


def inked(path: Path, scale: int = 4) -> npt.NDArray[np.bool_]:
    """The first page as it is painted: where it is dark. ``scale``: pixels a point."""
    document = pypdfium2.PdfDocument(path)
    image = document[0].render(scale=scale, grayscale=True).to_numpy()
    document.close()
    return np.squeeze(image) < 128


def area(shape: tuple[int, ...], boxes: list[tuple[float, ...]], scale: int = 4) -> npt.NDArray[np.bool_]:
    found = np.zeros(shape, bool)
    for left, top, right, bottom in boxes:
        rows = slice(max(0, int(top * scale) - 1), int(np.ceil(bottom * scale)) + 1)
        found[rows, max(0, int(left * scale) - 1) : int(np.ceil(right * scale)) + 1] = True
    return found


@pytest.mark.parametrize("name", DRAWN)
def test_columns_are_read_in_order_however_they_were_drawn(name: str) -> None:
    document = load_document(PAGES / name)
    assert told(document) == bare("".join(TRUTH))
    assert document.title == TRUTH[0]
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.FURNITURE] == ["—3—"]


@pytest.mark.parametrize("name", DRAWN)
def test_sentences_torn_between_columns_are_whole(name: str) -> None:
    document = load_document(PAGES / name)
    blocks = [bare(document.text[b.start : b.end]) for b in document.blocks]
    torn = [p for p in TRUTH if bare(p) not in blocks]
    assert len(torn) <= 1  # of a paragraph that ends with a column, on a full line, nobody can tell
    sentences = [s for p in TRUTH[1:] for s in p.replace("。", "。\n").splitlines() if s.strip("”’")]
    assert all(any(bare(s).strip("”") in block for block in blocks) for s in sentences)


@pytest.mark.parametrize("name", DRAWN)
def test_every_character_is_where_the_document_says(name: str) -> None:
    document = load_document(PAGES / name)
    for at, char in enumerate(document.text):
        origin = document.source[document.source_offset(at)]
        assert origin == char or (char in " \n" and origin == "\n")


@pytest.mark.parametrize("name", DRAWN)
def test_regions_cover_the_ink_of_what_is_quoted_and_not_the_neighbours(name: str) -> None:
    document = load_document(PAGES / name)
    ink = inked(PAGES / name)
    characters = {at: box for at in range(len(document.source)) if (box := document.origins.box(at))}
    assert (ink & area(ink.shape, list(characters.values()))).sum() > 0.99 * ink.sum()  # every character has its box
    for sentence in [sentence for passage in split(document) for sentence in passage.sentences][::3]:
        regions = document.regions(sentence.start, sentence.end)
        assert all(isinstance(region, PageRegion) and region.page == 1 for region in regions)
        own = {document.source_offset(at) for at in range(sentence.start, sentence.end)}
        mine = area(ink.shape, [box for at, box in characters.items() if at in own])
        others = area(ink.shape, [box for at, box in characters.items() if at not in own]) & ~mine
        marked = area(ink.shape, [region.box for region in regions if isinstance(region, PageRegion)])
        assert (ink & mine & marked).sum() >= 0.99 * (ink & mine).sum()
        assert (ink & others & marked).sum() <= 0.01 * (ink & mine).sum()


def test_a_sentence_over_two_columns_has_a_box_a_line_and_none_across() -> None:
    document = load_document(PAGES / "r3rows.pdf")
    ((page),) = document.origins.pages
    assert len(page.columns) == 3
    widest = max(right - left for left, right in page.columns)
    sentences = [s for p in split(document) for s in p.sentences if s.end - s.start > 20]
    told = {place(document.regions(*s), document.origins.pages) for s in sentences}
    assert {"第1页 第1栏", "第1页 第1—2栏", "第1页 第2—3栏", "第1页 第3栏"} <= told
    for sentence in sentences:
        for region in document.regions(*sentence):
            assert isinstance(region, PageRegion) and region.box.right - region.box.left <= widest + 1
    shown = region_json(document.regions(*sentences[0])[0])
    assert shown["page"] == 1 and len(shown["box"]) == 4


def test_lines_of_a_list_that_end_short_stay_apart() -> None:
    """Without a stop, and without an indent: within a column the end of a line tells."""

    def drawn(text: str, top: float) -> Line:
        cells = [Box(40 + 10.0 * at, top, 50 + 10.0 * at, top + 10) for at in range(len(text))]
        return line([Glyph(char, cell, cell, 10.0) for char, cell in zip(text, cells, strict=True)])

    said = ["水库去年蓄水一亿立方米，下列三项已经完工，", "大坝加高", "泵站两座", "渠道十公里"]
    column = [drawn(text, 100 + 16.0 * row) for row, text in enumerate(said)]
    flowed = extract([(Page(595, 842), [column])]).flowed
    assert flowed is not None
    assert [flowed.text[b.start : b.end] for b in flowed.blocks][1:] == said[2:]


def test_a_cropped_page_counts_from_its_shown_corner(tmp_path: Path) -> None:
    whole = load_document(PAGES / "r2order.pdf")
    document = pypdfium2.PdfDocument(PAGES / "r2order.pdf")
    document[0].set_cropbox(30, 15, 595, 812)
    document.save(tmp_path / "cropped.pdf")
    cropped = load_document(tmp_path / "cropped.pdf")
    assert cropped.text == whole.text
    before, after = (each.regions(0, 5)[0] for each in (whole, cropped))
    assert isinstance(before, PageRegion) and isinstance(after, PageRegion)
    assert after.box.left == pytest.approx(before.box.left - 30, abs=0.1)
    assert after.box.top == pytest.approx(before.box.top - 30, abs=0.1)


@pytest.mark.browser
def test_a_page_by_another_program_with_a_picture_in_its_columns(browser: Browser, tmp_path: Path) -> None:
    """By Chromium: fonts embedded, Kangxi radicals, a headline in the middle, a caption between two paragraphs."""
    picture = (
        '<div style="height:120px;background:#ccc;break-inside:avoid"></div><div class="k">图为青河大坝施工现场</div>'
    )
    style = (
        "body{font:10pt/1.6 'Noto Serif CJK SC';margin:0} h1{font-size:22pt;text-align:center} p{text-indent:2em;margin:0;"
        "text-align:justify} .k{font-size:8pt;break-inside:avoid} div.c{column-gap:20px;column-count:"
    )
    page = browser.new_page()
    for columns in (1, 2, 3, 4):
        half = "".join(f"<p>{p}</p>" for p in TRUTH[1:6]), "".join(f"<p>{p}</p>" for p in TRUTH[6:])
        inside = picture.join(half) if columns in (2, 3) else "".join(half)
        page.set_content(f"<style>{style}{columns}}}</style><h1>{TRUTH[0]}</h1><div class=c>{inside}</div>")
        path = tmp_path / f"c{columns}.pdf"
        page.pdf(path=path, format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "16mm"))
        document = load_document(path)
        assert told(document) == bare("".join(TRUTH)), columns
        blocks = [document.text[b.start : b.end] for b in document.blocks]
        assert sum(bare(p) in map(bare, blocks) for p in TRUTH) >= len(TRUTH) - 1
        assert ("图为青河大坝施工现场" in blocks) == (columns in (2, 3))
    page.context.close()


def pages(make: Callable[[pypdfium2.PdfDocument], None], path: Path) -> bytes:
    document = pypdfium2.PdfDocument.new()
    make(document)
    document.save(path)
    return path.read_bytes()


def test_what_is_no_text_of_a_pdf_is_refused_by_name(tmp_path: Path) -> None:
    good = (PAGES / "r2order.pdf").read_bytes()
    bad = {
        "locked.pdf": ((PAGES / "locked.pdf").read_bytes(), "密码"),
        "truncated.pdf": (good[:700], "损坏"),
        "page.pdf": (b"<!doctype html><html><body>404</body></html>", "不是 PDF"),
        "empty.pdf": (b"", "空"),
        "scan.pdf": (pages(lambda d: d.new_page(595, 842), tmp_path / "made.pdf"), "扫描件"),
        "none.pdf": (pages(lambda _: None, tmp_path / "none-made.pdf"), "PDF"),
        "flipped.pdf": (bytes(b ^ 255 if 500 < i < 900 else b for i, b in enumerate(good)), ""),
    }
    for name, (data, reason) in bad.items():
        (tmp_path / name).write_bytes(data)
        try:
            load_document(tmp_path / name)
        except IngestError as error:
            assert name in error.subject and reason in error.what[0], name
        else:
            assert not reason, name  # what is left of it may be read
    (tmp_path / "junk.pdf").write_bytes(b"HTTP/1.1 200 OK\r\n\r\n" + good)
    assert load_document(tmp_path / "junk.pdf").title == TRUTH[0]
    assert load_document(PAGES / "owner.pdf").text == "青河水库总库容1.1亿立方米。"


def test_a_page_is_cited(tmp_path: Path) -> None:
    with small_youju(tmp_path, {}) as youju:
        report = youju.add([PAGES / "r3rows.pdf"])
        assert report.added == ("r3rows.pdf",)
        (hit, *_) = youju.search("扬州阿特斯新能源项目总投资多少")
        document = youju.document(hit.passage.document_id)
        assert document.origins.pages and document.regions(hit.passage.start, hit.passage.end)
        assert youju.add([PAGES / "r3rows.pdf"]).unchanged == ("r3rows.pdf",)
