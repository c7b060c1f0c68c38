"""The seal on the search structures' files: which state of the library they were made from, and that they are whole.

``caches.json`` is written last, so whatever broke off before leaves no valid seal. It holds the library's id and
generation, the versions of what shapes the files, and a SHA-256 of each file.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rag.store import analyze, dense, lexical
from rag.store.library import Library

FILE_NAME = "caches.json"


class Unsealed(Exception):
    """Why the files cannot be used. Never leaves this package."""


def check(folder: Path, library: Library, generation: int) -> int:
    """The ghosts in the lexical index. Raises Unsealed unless the files are whole and stand for ``generation``."""
    try:
        seal = json.loads((folder / FILE_NAME).read_bytes())
    except FileNotFoundError as error:
        raise Unsealed("missing") from error
    except (OSError, ValueError) as error:
        raise Unsealed(f"without a readable seal ({error})") from error
    expected = _head(library, generation)
    if not isinstance(seal, dict) or {key: seal.get(key) for key in expected} != expected:
        raise Unsealed("out of date")
    try:
        whole = seal.get("files") == _checksums(folder)
    except OSError as error:
        raise Unsealed(f"not to be read ({error})") from error
    if not whole:
        raise Unsealed("damaged")
    return int(seal.get("ghosts", 0))


def write(folder: Path, library: Library, generation: int, ghosts: int) -> None:
    """After all files are at rest. Raises OSError."""
    content = json.dumps({**_head(library, generation), "ghosts": ghosts, "files": _checksums(folder)}, indent=1)
    temporary = folder / f"{FILE_NAME}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / FILE_NAME)


def _head(library: Library, generation: int) -> dict[str, Any]:
    return {
        "library": library.manifest.library_id,
        "generation": generation,
        "made_by": [analyze.VERSION, version("tantivy")],
    }


def _checksums(folder: Path) -> dict[str, str]:
    files = [folder / dense.FILE_NAME]
    files += [path for path in (folder / lexical.FOLDER_NAME).iterdir() if not path.name.startswith(".")]
    found = {}
    for path in sorted(files):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
