"""A reranker by folder: a real, small, untrained cross-encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from store_samples import IDENTITY, SHIPS, TAIPEI, YANGZHOU, vector

from rag.answer.find.retrieve import retrieve
from rag.errors import ModelUnavailable
from rag.models.rerank import CrossEncoderReranker, open_reranker
from rag.settings import RetrievalSettings, Settings
from rag.store.embedded import open_store
from rag.types import Query

WORDS = [*"扬州船舶出口资讯产业会议题为民营经济高质量发展捷运夜市电池", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

pytestmark = pytest.mark.model


def make(folder: Path, labels: int = 1) -> Path:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(4)
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(WORDS)), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=labels,
        initializer_range=1.0,  # scores that differ, though nothing was learnt
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu").save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("reranker") / "tiny")


def test_off_unless_named() -> None:
    assert open_reranker(Settings()) is None


def test_the_order_of_the_hits_is_the_rerankers(model: Path, tmp_path: Path) -> None:
    reranker = open_reranker(Settings(retrieval=RetrievalSettings(reranker=str(model))))
    assert reranker is not None and reranker.name == str(model)
    query = Query("扬州的船舶出口", "扬州的船舶出口")
    with open_store(tmp_path / "index", create=True, **IDENTITY) as store:
        for each in (YANGZHOU, TAIPEI, SHIPS):
            store.put(*each)
        plain = retrieve(query, vector("x"), store, k=7, candidates=50)
        hits = retrieve(query, vector("x"), store, k=7, candidates=50, reranker=reranker)
        few = retrieve(query, vector("x"), store, k=2, candidates=50, reranker=reranker)
    expected = reranker.scores(query.rewritten, [f"{hit.title}\n{hit.passage.text}".strip() for hit in hits])
    np.testing.assert_allclose([hit.score for hit in hits], expected, rtol=1e-5)
    assert list(expected) == sorted(expected, reverse=True) and len(set(expected.tolist())) == len(hits)
    assert {hit.passage.id for hit in hits} == {hit.passage.id for hit in plain}
    assert [hit.passage.id for hit in hits] != [hit.passage.id for hit in plain]
    assert [hit.passage.id for hit in few] == [hit.passage.id for hit in hits][:2]


def test_nothing_to_score_loads_nothing() -> None:
    assert CrossEncoderReranker("nowhere").scores("问", []).shape == (0,)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        CrossEncoderReranker(str(tmp_path)).scores("问", ["答"])
    assert caught.value.subject == str(tmp_path) and "retrieval.reranker" in caught.value.advice[0]


def test_a_model_of_several_classes_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "classes", labels=3)
    with pytest.raises(ModelUnavailable, match="3"):
        CrossEncoderReranker(str(folder)).scores("问", ["答", "非"])
