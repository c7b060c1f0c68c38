"""File names as people can read them, whatever bytes the file system holds.

Python shows bytes of a name that are no UTF-8 as lone surrogates, which no database, terminal or web page takes. Old
Chinese archives are full of names in GBK.
"""

from __future__ import annotations

from pathlib import Path


def readable(path: str) -> str:
    """A path or a name without lone surrogates: part by part as GB 18030 where it is that, else with \\xNN for each byte.

    What is valid already stays as it is, so the path of an article that was indexed before is the same.
    """
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return str(Path(*map(_part, Path(path).parts)))
    return path


def _part(name: str) -> str:
    try:
        data = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return name.encode("utf-8", "backslashreplace").decode("utf-8")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.isprintable():
            return text
    return data.decode("utf-8", "backslashreplace")
