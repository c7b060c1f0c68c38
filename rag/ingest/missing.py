"""Which known articles are gone from the folders given, and whether that is to be believed.

A drive that is not mounted looks like a folder out of which everything was deleted. So what goes a few at a time is
forgotten, and what goes in one sweep is first asked about.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from rag.ingest.walk import Found
from rag.types import DocumentInfo


class Missing(NamedTuple):
    gone: list[DocumentInfo]  # their folder was looked at, and they are not in it
    doubtful: list[DocumentInfo]  # likewise, but too many at once
    unseen: dict[str, int]  # path at which the look ended → how many articles from below it cannot be seen any more


def missing(found: Found, known: Iterable[DocumentInfo], here: Collection[str]) -> Missing:
    """``here``: sums of the files just read; an article that has only moved is gone from its old place without doubt."""
    below = {folder: _below(folder, known) for folder in found.folders}
    gone = {info.id: info for infos in below.values() for info in infos if found.gone(info.path)}
    doubtful: set[str] = set()
    for infos in below.values():
        lost = [info.id for info in infos if info.id in gone and info.sha256 not in here]
        if 2 * len(lost) > len(infos):
            doubtful.update(lost)
    for folder, names in found.listed.items():
        if not names:  # the place of a drive, perhaps, with the drive away
            lost = [info.id for info in _below(folder, gone.values()) if info.sha256 not in here]
            if len(lost) > 1:
                doubtful.update(lost)
    unseen: dict[str, int] = {}
    for infos in below.values():
        for info in infos:
            end = _end(found, info.path)
            if info.id not in gone and end != info.path and not os.path.exists(info.path):  # noqa: PTH110 — never raises
                unseen[end] = unseen.get(end, 0) + 1
    return Missing(
        [info for key, info in gone.items() if key not in doubtful],
        [info for key, info in gone.items() if key in doubtful],
        unseen,
    )


def _below(folder: str, infos: Iterable[DocumentInfo]) -> list[DocumentInfo]:
    return [info for info in infos if Path(info.path).is_relative_to(folder)]


def _end(found: Found, path: str) -> str:
    """How far down towards ``path`` the look went: the path itself where its own folder was listed."""
    child = Path(path)
    for folder in child.parents:
        if str(folder) in found.listed:
            return str(child)
        child = folder
    return path
