"""Presentations (.pptx): slide by slide, shapes from the top down, tables, and the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rag.ingest.read.extract import Builder, Extract
from rag.ingest.read.guarded import opened, told
from rag.origins import NodeOrigin
from rag.types import BlockKind

_KIND = ("演示文稿", "presentation", ("请打开后另存为 .pptx", "Open it and save it as .pptx"))
_DEEPEST = 20  # groups in groups


def read(data: bytes, name: str) -> Extract:
    """Raises UnreadableFile."""
    import pptx

    opened(data, name).close()
    with told(name, *_KIND):
        show = pptx.Presentation(io.BytesIO(data))
        built = Builder()
        for number, slide in enumerate(show.slides, 1):
            if slide._element.get("show") != "0":
                _slide(built, slide, number)
        return built.done()


def _slide(built: Builder, slide: Any, number: int) -> None:
    at = NodeOrigin(f"slide {number}")
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        built.block(
            BlockKind.TITLE if number == 1 else BlockKind.HEADING, [(title.text_frame.text.replace("\v", " "), at)]
        )
    shapes = [shape for shape in _flat(slide.shapes, 0) if title is None or shape.shape_id != title.shape_id]
    for shape in sorted(shapes, key=lambda each: (each.top or 0, each.left or 0)):
        if getattr(shape, "has_table", False):
            for row_number, row in enumerate(shape.table.rows):
                cells = [("" if cell.is_spanned else cell.text, at) for cell in row.cells]
                built.row(cells, head=row_number == 0 and len(cells) > 1)
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                built.block(BlockKind.BODY, [(paragraph.text.replace("\v", " "), at)])
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for line in slide.notes_slide.notes_text_frame.text.splitlines():
            built.block(BlockKind.BODY, [(line, NodeOrigin(f"slide {number}, notes"))])


def _flat(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape
