"""Books (.epub): the chapters in the order of the spine."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from rag.errors import UnreadableFile
from rag.ingest.read.extract import Builder, Extract
from rag.ingest.read.guarded import opened
from rag.origins import NodeOrigin
from rag.types import BlockKind

_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PARAGRAPHS = (*_HEADS, "p", "li", "blockquote", "dt", "dd", "pre", "figcaption", "div", "td", "th")


def read(data: bytes, name: str) -> Extract:
    """Raises UnreadableFile."""
    from lxml import etree

    with opened(data, name) as archive:
        try:
            container = _xml(archive.read("META-INF/container.xml"))
            package_at = container.find(".//{*}rootfile").get("full-path")
            package = _xml(archive.read(package_at))
            parts = {item.get("id"): item.get("href") for item in package.iterfind(".//{*}manifest/{*}item")}
            spine = [parts[item.get("idref")] for item in package.iterfind(".//{*}spine/{*}itemref")]
            title = (package.findtext(".//{http://purl.org/dc/elements/1.1/}title") or "").strip()
            built = Builder()
            for href in spine:
                at = posixpath.normpath(posixpath.join(posixpath.dirname(package_at), unquote(href)))
                _chapter(built, archive.read(at), at)
        except (KeyError, AttributeError, TypeError, ValueError, etree.Error, zipfile.BadZipFile) as error:
            raise UnreadableFile(
                ("这不是能读的 EPUB，或已损坏", "this is no EPUB that can be read, or it is damaged"),
                subject=name,
                advice=("请重新取得这个文件", "Get the file again"),
            ) from error
    return built.done(title=title)


def _xml(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _chapter(built: Builder, data: bytes, at: str) -> None:
    from lxml import html

    tree = html.fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    root = tree.getroottree()
    for element in tree.iter(*_PARAGRAPHS, "tr"):
        if element.tag == "tr":
            cells = [
                (" ".join(cell.text_content().split()), NodeOrigin(f"{at}#{root.getpath(cell)}"))
                for cell in element.iter("td", "th")
            ]
            built.row(cells, head=bool(cells) and all(cell.tag == "th" for cell in element.iter("td", "th")))
        elif element.tag in ("td", "th") or next(element.iterancestors("tr"), None) is not None:
            continue
        elif not any(
            child.tag in _PARAGRAPHS or child.tag == "table"
            for child in element.iterdescendants()
            if isinstance(child.tag, str)
        ):
            kind = BlockKind.HEADING if element.tag in _HEADS else BlockKind.BODY
            said = " ".join(element.text_content().split())
            built.block(kind, [(said, NodeOrigin(f"{at}#{root.getpath(element)}"))])
