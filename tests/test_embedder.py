"""The embedder: what its vectors say, which prompts it puts, that threads and the network are safe from each other."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import textwrap
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelUnavailable
from rag.models.bundled import IDENTITY, embedding_folder
from rag.models.embedder import SentenceEmbedder, open_embedder
from rag.models.langchain import YoujuEmbeddings
from rag.settings import EmbeddingSettings, Settings

ARTICLE = [
    "一季度，全市社会消费品零售总额同比增长百分之六。",
    "气象台预计明天有大到暴雨，请市民减少外出。",
    "研究人员在深海发现了一种会发光的水母。",
    "新线路开通后，从机场到市中心只要二十五分钟。",
]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("今年前三个月消费增长了多少？", 0),
        ("明天天气怎么样？", 1),
        ("科學家在海底找到了什麼生物？", 2),
        ("How long does it take to get downtown from the airport?", 3),
    ],
)
def test_a_question_is_nearest_to_its_answer(embedder: SentenceEmbedder, question: str, answer: int) -> None:
    assert int(np.argmax(embedder.embed_passages(ARTICLE) @ embedder.embed_query(question))) == answer


def test_rows_keep_the_order_of_the_texts_and_have_length_one(embedder: SentenceEmbedder) -> None:
    texts = [text[:length] for length in (40, 3, 17, 9, 24) for text in ARTICLE]
    done: list[int] = []
    vectors = embedder.embed_passages(texts, on_progress=done.append)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in list(zip(texts, vectors, strict=True))[::7]:
        assert embedder.embed_passages([text])[0] @ vector > 0.9999
    assert done == sorted(done)
    assert done[-1] == len(texts)


def test_no_text_gives_no_row_and_odd_texts_give_finite_ones(embedder: SentenceEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    vectors = embedder.embed_passages(["", " \n\t", "字" * 5000, "\u0000\ufffd\u200b"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_query_and_passage_prompts_differ(embedder: SentenceEmbedder) -> None:
    assert embedder.embed_query(ARTICLE[0]) @ embedder.embed_passages(ARTICLE[:1])[0] < 0.9999


@pytest.mark.model
def test_bfloat16_keeps_the_vectors() -> None:
    folder = embedding_folder(Settings().cache_dir)
    exact, fast = (SentenceEmbedder(folder, identity=IDENTITY, bfloat16=chosen) for chosen in (False, True))
    cosines = (exact.embed_passages(ARTICLE) * fast.embed_passages(ARTICLE)).sum(axis=1)
    assert cosines.min() >= 0.9995
    assert cosines.min() < 1  # it is another precision


def test_threads_get_the_vectors_that_one_alone_would(embedder: SentenceEmbedder) -> None:
    alone = [embedder.embed_query(text) for text in ARTICLE]
    found: dict[int, np.ndarray] = {}

    def ask(i: int) -> None:
        found[i] = embedder.embed_query(ARTICLE[i])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(ARTICLE))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, vector in enumerate(alone):
        assert found[i] @ vector > 0.9999


def test_a_question_need_not_wait_for_the_end_of_an_indexing(embedder: SentenceEmbedder) -> None:
    begun, answered = threading.Event(), threading.Event()
    done_before_the_answer: list[int] = []

    def progress(done: int) -> None:
        begun.set()
        if not answered.is_set():
            done_before_the_answer.append(done)

    texts = [f"第{i}条消息：{ARTICLE[i % 4]}" for i in range(96)]
    job = threading.Thread(target=embedder.embed_passages, args=(texts,), kwargs={"on_progress": progress})
    job.start()
    assert begun.wait(60)
    embedder.embed_query("明天天气怎么样？")
    answered.set()
    job.join()
    assert done_before_the_answer[-1] < len(texts)


def test_embedders_of_the_same_files_share_the_weights_and_others_do_not(
    embedder: SentenceEmbedder, other_model: Path
) -> None:
    """Half a gigabyte once a program; prompts and precision are each one's own."""
    again, other, own = open_embedder(Settings()), open_other(other_model), open_other(other_model, query_prompt="甲")
    for one in (again, other, own):
        one.load()
    assert again._held is embedder._held and other._held is own._held
    assert other._held is not embedder._held
    assert abs(own.embed_query("甲乙") @ other.embed_query("甲乙")) < 0.9999
    held = weakref.ref(other._held)
    del other, own, one
    gc.collect()
    assert held() is None  # nobody needs them any more


@pytest.mark.model
def test_the_embedded_model_opens_without_torch_and_embeds_without_network() -> None:
    script = """
        import sys
        calls = []
        sys.addaudithook(lambda event, args: calls.append(event) if event in
                         {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"} else None)
        from rag.models.embedder import open_embedder
        from rag.settings import Settings
        embedder = open_embedder(Settings())
        print(embedder.fingerprint, embedder.dimension)
        assert "torch" not in sys.modules and "transformers" not in sys.modules
        embedder.embed_query("网络")
        assert not calls, calls
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""  # no progress bar, no warning
    fingerprint, dimension = ran.stdout.split()
    assert fingerprint == open_embedder(Settings()).fingerprint
    assert dimension == "384"


def test_langchain_embeddings_are_the_embedder_s(embedder: SentenceEmbedder) -> None:
    embeddings = YoujuEmbeddings(embedder)
    documents = embeddings.embed_documents(ARTICLE[:2])
    query = embeddings.embed_query(ARTICLE[0])
    assert [len(vector) for vector in (*documents, query)] == [embedder.dimension] * 3
    assert all(type(value) is float for value in documents[0] + query)
    np.testing.assert_allclose(documents, embedder.embed_passages(ARTICLE[:2]), atol=1e-5)
    np.testing.assert_allclose(query, embedder.embed_query(ARTICLE[0]), atol=1e-5)


# Another model: a BERT small enough to be made here.


def open_other(folder: Path | str, **settings: str) -> SentenceEmbedder:
    return open_embedder(Settings(embedding=EmbeddingSettings(model=str(folder), **settings)))


def test_a_folder_s_own_prompts_are_used(other_model: Path) -> None:
    own, bare = open_other(other_model), open_other(other_model, query_prompt="", passage_prompt="")
    assert own.dimension == 32
    np.testing.assert_allclose(own.embed_query("甲乙"), bare.embed_query("问甲乙"), atol=1e-6)
    np.testing.assert_allclose(own.embed_passages(["甲乙"]), bare.embed_passages(["文甲乙"]), atol=1e-6)
    assert abs(own.embed_query("甲乙") @ bare.embed_query("甲乙")) < 0.9999
    np.testing.assert_allclose(np.linalg.norm(own.embed_passages(["甲", "乙丙"]), axis=1), 1, atol=1e-5)


def test_the_user_s_prompts_win(other_model: Path) -> None:
    own, chosen = open_other(other_model), open_other(other_model, query_prompt="文", passage_prompt="问")
    np.testing.assert_allclose(chosen.embed_query("甲"), own.embed_passages(["甲"])[0], atol=1e-6)
    np.testing.assert_allclose(chosen.embed_passages(["甲"])[0], own.embed_query("甲"), atol=1e-6)


def test_the_fingerprint_changes_with_whatever_changes_vectors(other_model: Path, tmp_path: Path) -> None:
    prints = [
        open_other(other_model).fingerprint,
        open_other(other_model, query_prompt="甲").fingerprint,
        open_other(other_model, passage_prompt="甲").fingerprint,
        open_other("embedded").fingerprint,
    ]
    assert len(set(prints)) == len(prints)
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (p for p in other_model.rglob("*") if p.is_file()):
        target = copy / path.relative_to(other_model)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert open_other(copy).fingerprint == prints[0]  # the place does not matter
    pooling = copy / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"pooling_mode": "max"}))
    assert open_other(copy).fingerprint != prints[0]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        open_other(tmp_path / "none")
    assert caught.value.subject == str(tmp_path / "none")
    assert "YOUJU_EMBEDDING_MODEL" in caught.value.text("zh")


@pytest.mark.model
def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(ModelUnavailable) as caught:
        open_other(tmp_path).embed_query("甲")
    assert str(tmp_path) in caught.value.text("en")
    assert "embedded" in caught.value.text("en")


@pytest.mark.model
def test_a_hub_name_that_cannot_be_fetched_says_what_to_do() -> None:
    script = """
        from rag.errors import ModelUnavailable
        from rag.models.embedder import open_embedder
        from rag.settings import EmbeddingSettings, Settings
        try:
            open_embedder(Settings(embedding=EmbeddingSettings(model="nobody/no-such-model")))
        except ModelUnavailable as error:
            assert error.subject == "nobody/no-such-model", error.subject
            assert "HF_ENDPOINT" in error.text("zh")
            print("said")
    """
    # Nothing listens on the discard port: a machine without a network, wherever this runs.
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        env={"HF_ENDPOINT": "http://127.0.0.1:9", "PATH": "", "HOME": str(Path.home())},
    )
    assert ran.stdout.strip() == "said", ran.stderr
