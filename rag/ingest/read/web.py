"""Web pages: .html as saved, .mhtml with all its parts. What is the article and what is furniture, trafilatura tells."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import NotText, UnreadableFile
from rag.ingest.encoding import decode
from rag.ingest.read.extract import Builder, Extract
from rag.ingest.reasons import because
from rag.origins import NodeOrigin
from rag.types import ArticleDate, BlockKind

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
_LEAST = 25  # characters; what takes in more, furniture too, is tried on a page that gives less
_BODY = ("p", "item", "quote", "code", "ab", "cell")


def read_html(data: bytes, name: str) -> Extract:
    """The article of a page. Raises UnreadableFile where there is none, NotText."""
    return _article(_decoded(data, name), name)


def read_mhtml(data: bytes, name: str) -> Extract:
    """Of its parts the page itself. Raises UnreadableFile, NotText."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                charset = part.get_content_charset()
                return _article(_decoded(body, name, charset), name)
    raise UnreadableFile(("里面没有网页", "there is no page in it"), subject=name)


def _decoded(data: bytes, name: str, charset: str | None = None) -> str:
    """As the page says it is to be read; where it says nothing, or what does not hold, as a text file is."""
    declared = _CHARSET.search(data[:4096])
    for found in (charset, declared[1].decode("ascii") if declared else None):
        if found:
            try:
                return data.decode(_CHINESE.get(found.lower(), found))
            except (LookupError, UnicodeDecodeError):
                continue
    return decode(data, name).text


def _article(page: str, name: str) -> Extract:
    import trafilatura
    from lxml import etree, html

    try:
        tree = html.fromstring(
            page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, ValueError):
        raise NotText(("网页是空的", "the page is empty"), subject=name) from None
    options: dict[str, Any] = {"include_tables": True, "include_comments": False, "with_metadata": True}
    found: Any = trafilatura.bare_extraction(page, favor_precision=True, **options)
    if found is None or len(found.text or "") < _LEAST:
        found = trafilatura.bare_extraction(page, favor_recall=True, **options) or found
    if found is None or found.body is None or not "".join(found.body.itertext()).strip():
        raise UnreadableFile(
            ("网页里没有正文", "there is no article in the page"),
            subject=name,
            advice=("请打开网页，等正文出来后再另存", "Open the page, and save it once its text is there"),
        )
    anchors = _anchors(tree)
    built = Builder()
    title = (found.title or "").strip()
    titled = False
    for kind, said in _blocks(found.body):
        if isinstance(said, str):
            if kind is BlockKind.HEADING and title and said.strip() == title and not titled:
                kind, titled = BlockKind.TITLE, True
            built.block(kind, [(said, NodeOrigin(anchors.get(_key(said), "/")))])
        else:
            built.row(
                [(cell, NodeOrigin(anchors.get(_key(cell), "/"))) for cell in said], head=kind is BlockKind.TABLE_HEAD
            )
    return built.done(title=title, date=_published(found.date))


def _published(said: str | None) -> ArticleDate | None:
    try:
        return ArticleDate(date.fromisoformat(said), "day", because("page", said)) if said else None
    except ValueError:
        return None


def _blocks(body: Any) -> Iterator[tuple[BlockKind, str | list[str]]]:
    """Paragraphs in order; a row of a table as a list of its cells."""
    for element in body:
        tag = element.tag
        if tag == "head":
            yield BlockKind.HEADING, _said(element)
        elif tag == "table":
            rows = [[_said(cell) for cell in row.iter("cell")] for row in element.iter("row")]
            first = next(iter(element.iter("row")), None)
            marked = first is not None and any(cell.get("role") == "head" for cell in first.iter("cell"))
            for number, row in enumerate(rows):
                head = number == 0 and len(rows) > 1 and len(row) > 1 and (marked or not any(map(_counted, row)))
                yield (BlockKind.TABLE_HEAD if head else BlockKind.TABLE_ROW), row
        elif tag == "list" or (tag == "quote" and len(element)):
            yield from _blocks(element)
        elif tag in _BODY:
            for line in "".join(_with_breaks(element)).splitlines():
                yield BlockKind.BODY, line


def _counted(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,]+(?:\.\d+)?%?", cell)) and not re.fullmatch(r"\d{4}", cell)


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _with_breaks(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield "\n" if child.tag == "lb" else "".join(_with_breaks(child))
        yield child.tail or ""


def _key(text: str) -> str:
    return "".join(text.split())


def _anchors(tree: Any) -> dict[str, str]:
    """What an element says, without white space → the path to it; of several the innermost, of equal ones the first."""
    found: dict[str, str] = {}
    root = tree.getroottree()
    for element in reversed(list(tree.iter())):
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "head", "title"):
            said = _key("".join(element.itertext()))
            if 0 < len(said) <= 5000:
                found.setdefault(said, root.getpath(element))
    return found
