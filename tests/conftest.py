"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of sentence-transformers with weights drawn at random: 32 dimensions, prompts of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    base, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("model")
    pieces = ["[PAD]", "[UNK]", "问", "文", *"甲乙丙丁"]
    tokenizer = Tokenizer(models.WordLevel({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(base)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(base)
    SentenceTransformer(
        modules=[Transformer(str(base)), Pooling(32, "mean")], prompts={"query": "问", "document": "文"}, device="cpu"
    ).save(str(folder))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests marked ``browser``."""
    from browser import chromium

    with chromium() as one:
        yield one
