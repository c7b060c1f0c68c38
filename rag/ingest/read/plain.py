"""Plain text, Markdown among it, in whatever encoding."""

from __future__ import annotations

from rag.ingest.encoding import decode
from rag.ingest.read.extract import Extract


def read(data: bytes, name: str) -> Extract:
    """Decode a text file.

    UTF-8, UTF-16 (with or without byte order mark), GB 18030 (and so GBK and GB 2312), Big5; Japanese, Korean and Western
    European code pages where they are plain to see. Single bytes that are lost cost no more than their place. The byte
    order mark is no part of the text; line breaks are as they stand in the file.
    Raises NotText if the file is empty, binary or in no encoding known here.
    """
    found = decode(data, name)
    return Extract(found.text, found.encoding, notes=found.notes)
