"""Word documents (.docx): paragraphs, tables, text boxes, footnotes, insertions. What was struck by a tracked change is gone.

``Paragraph.text`` of python-docx leaves out insertions, content controls and text boxes, so the tree is walked here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from rag.ingest.read.extract import Builder, Extract
from rag.ingest.read.guarded import opened, told
from rag.origins import NodeOrigin
from rag.types import BlockKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}sectPr", f"{_ALTERNATE}Fallback", f"{_W}instrText"}
_HEADING = re.compile(r"(?:heading|标题)\s*\d?$|^(?:sub)?title$|^副?标题$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
_KIND = (
    "Word 文件",
    "Word document",
    ("请用 Word 或 WPS 打开后另存为 .docx", "Open it in Word or WPS and save it as .docx"),
)
_DEEPEST = 40  # tables in tables


def read(data: bytes, name: str) -> Extract:
    """Raises UnreadableFile."""
    import docx

    opened(data, name).close()
    with told(name, *_KIND):
        document = docx.Document(io.BytesIO(data))
        walk = _Walk({style.style_id: style.name or "" for style in document.styles})
        walk.through(document.element.body, "p", 0)
        for part in document.part.package.iter_parts():
            if str(part.partname).endswith(("/footnotes.xml", "/endnotes.xml")):
                _notes(walk, part.blob)
        said = document.core_properties.title or ""
        return walk.built.done(title=said if _worth(said) else "")


def _worth(title: str) -> bool:
    """Not what Word puts there by itself."""
    return bool(title.strip()) and not re.match(
        r"(?:Word 文档|文档\d*|Document\d*|PowerPoint|Untitled|无标题)", title.strip()
    )


def _notes(walk: _Walk, blob: bytes) -> None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for number, note in enumerate(etree.fromstring(blob, parser), 1):
        if note.get(f"{_W}type") in (None, "normal"):
            walk.through(note, f"note{number}", 0)


class _Walk:
    def __init__(self, styles: dict[str, str]) -> None:
        self.built = Builder()
        self._styles = styles
        self._titled = False

    def through(self, parent: Any, path: str, depth: int) -> None:
        """Paragraphs and tables in order, those in content controls too."""
        if depth > _DEEPEST:
            return
        for number, child in enumerate(parent, 1):
            if child.tag == f"{_W}p":
                self._paragraph(child, f"{path}{number}", depth)
            elif child.tag == f"{_W}tbl":
                self._table(child, f"{path}{number}")
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
                self.through(child, f"{path}{number}.", depth + 1)

    def _paragraph(self, paragraph: Any, path: str, depth: int) -> None:
        boxes: list[Any] = []
        said = "".join(_said(paragraph, boxes))
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = self._styles.get(style.get(f"{_W}val"), "") if style is not None else ""
        kind = BlockKind.BODY
        if _HEADING.search(name):
            kind = BlockKind.TITLE if _TITLE.match(name) and not self._titled else BlockKind.HEADING
            self._titled |= kind is BlockKind.TITLE
        elif name.lower() == "caption" or name == "题注":
            kind = BlockKind.CAPTION
        for line in said.split("\v"):  # a break within a paragraph
            self.built.block(kind, [(line, NodeOrigin(path))])
        for at, box in enumerate(boxes, 1):
            self.through(box, f"{path}.box{at}.", depth + 1)

    def _table(self, table: Any, path: str) -> None:
        rows = [row for row in table.iter(f"{_W}tr") if _nearest(row, f"{_W}tbl") is table]
        above: dict[int, str] = {}  # column → what a cell that spans rows says
        for number, row in enumerate(rows, 1):
            cells: list[tuple[str, NodeOrigin]] = []
            column = 0
            for cell in (each for each in row.iter(f"{_W}tc") if _nearest(each, f"{_W}tr") is row):
                lines = ("".join(_said(p, [])) for p in cell.iter(f"{_W}p"))
                said = " ".join(line for line in lines if line.strip())
                merged = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merged is not None and merged.get(f"{_W}val") != "restart":
                    said = above.get(column, "")
                above[column] = said
                cells.append((said, NodeOrigin(f"{path} row {number}, column {column + 1}")))
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                wide = int(span.get(f"{_W}val") or 1) if span is not None else 1
                for _ in range(min(wide, 256) - 1):
                    column += 1
                    cells.append((said if number == 1 else "", NodeOrigin(f"{path} row {number}, column {column + 1}")))
                column += 1
            self.built.row(cells, head=number == 1 and len(rows) > 1 and len(cells) > 1)


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _said(element: Any, boxes: list[Any]) -> Iterator[str]:
    """What a paragraph says; text boxes that hang on it are put into ``boxes``."""
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\v"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _said(child, boxes)
