"""PDF files with text, by pdfium: every character with the box of its ink, on the page as it is shown.

pdfium is not safe from several threads; it is used in a process apart (``apart``), by one thread.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from typing import Any

from rag.errors import NotText, UnreadableFile
from rag.ingest.layout.flow import extract
from rag.ingest.layout.glyphs import Glyph
from rag.ingest.layout.order import columns, side_by_side
from rag.ingest.read.extract import Extract
from rag.origins import Box, Page

_MOST_PAGES = 5000
_HYPHEN = 2  # pdfium's sign for one at the end of a line
_INVISIBLE = 3  # render mode of text that is not painted: what OCR lays under a picture of a page, or what hides


def read(data: bytes, name: str) -> Extract:
    """Raises UnreadableFile where it is none, damaged, or wants a password; NotText where no page has any text."""
    import pypdfium2

    start = data.find(b"%PDF", 0, 4096)
    if start < 0:
        raise UnreadableFile(
            ("这不是 PDF 文件", "this is no PDF file"),
            subject=name,
            advice=("请看看后缀名是否写错了", "Check whether the file is called by its right suffix"),
        )
    try:
        document = pypdfium2.PdfDocument(data[start:])
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(
                ("PDF 加了密码", "the PDF is protected by a password"),
                subject=name,
                advice=("请先解除密码再收", "Remove the password first"),
            ) from None
        raise UnreadableFile(
            ("PDF 已损坏或没有传完整", "the PDF is damaged, or not all of it has come"),
            subject=name,
            advice=("请重新取得这个文件", "Get the file again"),
        ) from None
    try:
        count = min(len(document), _MOST_PAGES)
        pages: list[tuple[Page, Any]] = []
        notes: list[tuple[str, str]] = []
        bare: list[int] = []
        for number in range(count):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:
                notes.append((f"第{number + 1}页读不出", f"page {number + 1} cannot be read"))
                pages.append((Page(0.0, 0.0), []))
                continue
            wide, high = page.get_size()
            glyphs = _glyphs(page, wide, high)
            found = columns(glyphs)
            if not found:
                bare.append(number + 1)
            pages.append((Page(round(wide, 2), round(high, 2), _label(document, number), side_by_side(found)), found))
            page.close()
    finally:
        document.close()
    if not any(found for _, found in pages):
        raise NotText(
            (
                "PDF 里没有文字，像是扫描件" if count else "PDF 里一页也没有",
                "the PDF has no text: it looks like a scan" if count else "the PDF has no pages",
            ),
            subject=name,
            advice=("请先做文字识别（OCR）再收", "Have its text recognised (OCR) first") if count else ("", ""),
        )
    if bare:
        told = "、".join(map(str, bare[:20])) + ("…" if len(bare) > 20 else "")
        notes.append((f"第{told}页没有文字", f"pages without text: {told}"))
    return extract(pages, tuple(notes))


def _label(document: Any, number: int) -> str:
    """What the file itself calls a page, where that is more than its number."""
    label = document.get_page_label(number) or ""
    return "" if not label.strip() or label.strip() == str(number + 1) else label.strip()


def _glyphs(page: Any, wide: float, high: float) -> list[Glyph]:
    """The characters that are painted on a page; where none is, those that are not: a layer of OCR under its picture."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    shown = _shown(page)
    painted: list[Glyph] = []
    hidden: list[Glyph] = []
    edges = [ctypes.c_double() for _ in range(4)]
    loose, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    half = 0
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue  # a space or a line break that pdfium thinks should be there
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, half = (0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0xFFFD), 0
        char = "-" if code == _HYPHEN else _plain(code)
        if not char or not pdfium.FPDFText_GetCharBox(text, index, *edges):
            continue
        left, right, bottom, top = (edge.value for edge in edges)
        ink = cell = shown(left, bottom, right, top)
        if pdfium.FPDFText_GetLooseCharBox(text, index, loose):
            cell = shown(loose.left, loose.bottom, loose.right, loose.top)
        if cell.right < 0 or cell.bottom < 0 or cell.left > wide or cell.top > high or cell.right <= cell.left:
            continue
        size = float(pdfium.FPDFText_GetFontSize(text, index))
        if pdfium.FPDFText_GetMatrix(text, index, matrix):
            size *= math.hypot(matrix.c, matrix.d) or 1.0
        mode = pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(text, index))
        (hidden if mode == _INVISIBLE else painted).append(Glyph(char, ink, cell, size))
    text.close()
    return painted or hidden


def _plain(code: int) -> str:
    """The character as people write it; "" for a control character or one that says nothing.

    Chromium writes Kangxi radicals (⽇) for the characters that look alike; forms for upright text (︵) are others of those
    that lie.
    """
    char = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xFE10 <= code <= 0xFE4F or 0xF900 <= code <= 0xFAFF:
        char = unicodedata.normalize("NFKC", char)
    if len(char) != 1 or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn"):
        return ""
    return " " if char.isspace() else char


def _shown(page: Any) -> Any:
    """Coordinates of the page's own space → points from the top left of the page as it is shown."""
    left, bottom, right, top = page.get_cropbox()
    rotation = page.get_rotation()

    def turned(x: float, y: float) -> tuple[float, float]:
        if rotation == 90:
            return y - bottom, x - left
        if rotation == 180:
            return right - x, y - bottom
        if rotation == 270:
            return top - y, right - x
        return x - left, top - y

    def shown(a: float, b: float, c: float, d: float) -> Box:
        x1, y1 = turned(a, b)
        x2, y2 = turned(c, d)
        if x2 < x1:
            x1, x2 = x2, x1
        return Box(x1, y1, x2, y2) if y1 <= y2 else Box(x1, y2, x2, y1)

    return shown
