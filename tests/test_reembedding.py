"""Another embedding model for an index that is in use: real models, real stores."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from small import small_youju

from rag.errors import ModelUnavailable, SettingsError, YoujuError
from rag.models.embedder import Embedder
from rag.pipeline import Youju
from rag.settings import EmbeddingSettings, load_settings
from rag.store.embedded import open_library
from rag.types import ArticleDate, Progress

BRIDGE = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
PARK = "城西湿地公园开园\n\n城西湿地公园占地320公顷，总投资4.6亿元，栽种水杉2万株。\n"
QUESTION = "东港大桥全长多少？"


pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def made(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with small_youju(
        tmp_path_factory.mktemp("made"), {"bridge.txt": BRIDGE, "park.txt": PARK}, embedder=embedder
    ) as opened:
        opened.label([info.id for info in opened.documents()], "本地")
        return opened.settings.index


@pytest.fixture
def youju(made: Path, tmp_path: Path) -> Iterator[Youju]:
    shutil.copytree(made, tmp_path / "index")
    settings = load_settings({"index": tmp_path / "index", "llm.provider": "none"}, environ={})
    with Youju.open(settings) as opened:
        yield opened


def wanted(folder: Path | str) -> EmbeddingSettings:
    return EmbeddingSettings(model=str(folder))


def key(youju: Youju, name: str) -> str:
    return next(info.id for info in youju.documents() if info.name == name)


def vectors_fit(youju: Youju) -> bool:
    """Whether dense search finds every passage with the present model."""
    return all(
        hit.dense_rank is not None for hit in youju.search(QUESTION, k=50) if hit.passage.text.strip() not in ("", "。")
    )


def test_everything_is_kept_and_found_by_the_new_model(youju: Youju, other_model: Path) -> None:
    youju.correct(key(youju, "park.txt"), "公园", ArticleDate(date(2025, 5, 6), "day", "手工"))
    before, collections = youju.documents(), youju.collections()
    told: list[Progress] = []
    youju.change_embedder(wanted(other_model), on_progress=told.append)
    assert youju.embedder.dimension == 32 and youju.settings.embedding.model == str(other_model)
    assert youju.documents() == before and youju.collections() == collections
    assert vectors_fit(youju) and "3.2公里" in youju.ask(QUESTION).text
    passages = sum(info.passages for info in before)
    assert [(p.done, p.total) for p in told if p.unit == "files"] == [(0, 2), (1, 2), (2, 2)]
    assert [p for p in told if p.unit == "passages"][-1].done == passages
    assert not (youju.settings.index / "reembedding").exists()
    youju.close()
    with open_library(youju.settings.index) as library:
        assert library.manifest.embedder_name == str(other_model) and library.manifest.dimension == 32
    with Youju.open(youju.settings) as again:  # as the next start finds it
        assert again.documents() == before and "3.2公里" in again.ask(QUESTION).text


def refuse() -> None:
    raise SettingsError(("写不了配置文件", "cannot write the configuration file"))


def stop(progress: Progress) -> None:
    if progress.stage == "embed":
        raise InterruptedError


@pytest.mark.parametrize(
    ("model", "on_progress", "on_ready", "raised"),
    [
        ("./no/such/folder", None, None, ModelUnavailable),
        ("", stop, None, InterruptedError),
        ("", None, refuse, SettingsError),
    ],
    ids=["no such folder", "stopped", "the settings cannot be written"],
)
def test_what_goes_wrong_leaves_the_index_as_it_was(
    youju: Youju,
    other_model: Path,
    model: str,
    on_progress: Callable[[Progress], None] | None,
    on_ready: Callable[[], None] | None,
    raised: type[Exception],
) -> None:
    embedder, settings, index = youju.embedder, youju.settings, youju.settings.index
    files = {path.name: path.read_bytes() for path in index.iterdir() if path.is_file()}
    with pytest.raises(raised) as error:
        youju.change_embedder(wanted(model or other_model), on_progress=on_progress, on_ready=on_ready)
    if isinstance(error.value, YoujuError):
        assert error.value.advice[0] or raised is SettingsError
    assert youju.embedder is embedder and youju.settings == settings
    assert {path.name: path.read_bytes() for path in index.iterdir() if path.is_file()} == files
    assert not (index / "reembedding").exists() and "3.2公里" in youju.ask(QUESTION).text
    youju.change_embedder(wanted(other_model))  # and it can be tried again
    assert vectors_fit(youju)


def test_what_happens_meanwhile_is_not_lost(youju: Youju, other_model: Path) -> None:
    bridge, park, heard = key(youju, "bridge.txt"), key(youju, "park.txt"), []

    def meanwhile(progress: Progress) -> None:
        if progress.unit == "files" and progress.done == progress.total and not heard:
            heard.append(youju.ask(QUESTION).text)  # answered by the old index
            youju.correct(bridge, "东港大桥", None)
            youju.remove(park)
            youju.label([bridge], "桥")

    youju.change_embedder(wanted(other_model), on_progress=meanwhile)
    assert "3.2公里" in heard[0]
    assert [(info.id, info.title) for info in youju.documents()] == [(bridge, "东港大桥")]
    assert youju.collections() == {"桥": [bridge]} and vectors_fit(youju)


def test_an_answer_that_is_under_way_ends_as_it_began(youju: Youju, other_model: Path) -> None:
    events = youju.stream(QUESTION)
    next(events)
    youju.change_embedder(wanted(other_model))
    *_, last = events
    assert "3.2公里" in last.answer.text  # type: ignore[union-attr]


def test_a_deletion_from_before_is_undone_after(youju: Youju, other_model: Path) -> None:
    removed = youju.take_out(key(youju, "park.txt"))
    youju.change_embedder(wanted(other_model))
    youju.put_back(removed)
    assert "2万株" in youju.ask("城西湿地公园栽种水杉多少株？").text and vectors_fit(youju)
    assert sorted(youju.collections()["本地"]) == sorted(info.id for info in youju.documents())
