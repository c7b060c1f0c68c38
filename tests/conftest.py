"""What several test files share: models loaded once, and markers that follow from what a test uses (docs/testing.md)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from rag.models import embedder as embedding
from rag.models.embedder import SentenceEmbedder, open_embedder
from rag.models.llm import ChatModel, open_chat_model
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
# Whoever uses such a fixture is marked; what costs more comes later.
MARKED = {
    "model": {"embedder", "other_model", "seeds_index"},
    "browser": {"browser"},
    "llm": {"chat_model"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, fixtures in MARKED.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(marker)
    order = list(MARKED)
    items.sort(
        key=lambda item: max((order.index(m.name) + 1 for m in item.iter_markers() if m.name in order), default=0)
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test without a mark loads no model: `make check` runs those, to be quick."""
    with pytest.MonkeyPatch.context() as patch:
        if not _may_load(item):
            patch.setattr(embedding, "_load", _unmarked)
        return (yield)


def _may_load(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) is not None for mark in MARKED)


def _unmarked(folder: Path) -> NoReturn:
    pytest.fail(
        f"{folder.name} is loaded by a test that is not marked: use the fixture embedder, or fakes.WordEmbedder"
    )


@pytest.fixture(autouse=True)
def _models_stay(request: pytest.FixtureRequest) -> None:
    """Whatever opens the embedded model finds its weights loaded, once for the whole run."""
    if _may_load(request.node):
        request.getfixturevalue("embedder")


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The embedded model, from the user's cache folder: converted by whichever test run is the first."""
    found = open_embedder(Settings())
    found.load()
    return found


class Lent(ChatModel):
    """A model that outlives whoever closes it."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def chat_model() -> Iterator[ChatModel]:
    """The embedded language model, its server started once; for ``Youju(settings, store, embedder, chat_model)`` too."""
    found = open_chat_model(Settings())
    assert found is not None
    yield Lent(found.name, found.settings, found._server)
    found.close()


@pytest.fixture(scope="session")
def seeds_index(embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of ``seeds/``, closed. Whoever writes to it takes a copy: ``shutil.copytree(seeds_index, folder)``."""
    from small import small_youju

    with small_youju(tmp_path_factory.mktemp("seeds"), {}, embedder=embedder) as youju:
        assert len(youju.add([ROOT / "seeds"]).added) == 2
        return youju.settings.index


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; a page of it is ``browser.opened``."""
    pytest.importorskip("playwright.sync_api")
    from browser import chromium, find_chromium

    if find_chromium() is None:
        pytest.skip("no Chromium on this machine")
    with chromium() as one:
        yield one
