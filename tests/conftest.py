"""What several test files share."""

from __future__ import annotations

import pytest

from rag.models.embedder import SentenceEmbedder, open_embedder
from rag.settings import Settings


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The embedded model, from the user's cache folder: converted by whichever test run is the first."""
    return open_embedder(Settings())
