"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from rag.models.embedder import SentenceEmbedder, open_embedder
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The embedded model, from the user's cache folder: converted by whichever test run is the first."""
    return open_embedder(Settings())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests marked ``browser``."""
    from browser import chromium

    with chromium() as one:
        yield one
