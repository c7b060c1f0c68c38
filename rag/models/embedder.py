"""Texts → vectors."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from rag.errors import ModelUnavailable
from rag.models import bundled
from rag.models.turns import Turns
from rag.settings import Settings
from rag.types import Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Weights for other runtimes, which would double a download.
OTHER_RUNTIMES = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf"]


# Of one turn at the model while articles are embedded, or one text, if that is longer: what a question waits for at most.
TURN_CHARACTERS = 500


class Embedder(Protocol):
    """Rows are float32 and of length 1: their inner product is the cosine."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: weights, tokenizer, prompts, pooling."""

    @property
    def dimension(self) -> int: ...

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimension). ``on_progress`` is told how many are done so far, the longest first."""

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """Shape (dimension,)."""


def open_embedder(settings: Settings, *, on_progress: Callable[[Progress], None] | None = None) -> SentenceEmbedder:
    """The embedder that the settings name; its weights are loaded at the first text.

    ``embedding.model`` is "embedded", a folder, or a name on the Hugging Face hub. Only such a name may touch the
    network, and only when it is not in the hub's cache yet. Raises ModelUnavailable, ModelDamaged.
    """
    wanted = settings.embedding
    if wanted.model == "embedded":
        folder = bundled.embedding_folder(settings.cache_dir, on_progress=on_progress)
        name, identity, dimension = bundled.NAME, bundled.IDENTITY, bundled.DIMENSION
    else:
        folder = _model_folder(wanted.model)
        name, identity, dimension = wanted.model, None, None
    return SentenceEmbedder(
        folder,
        name=name,
        identity=identity,
        dimension=dimension,
        query_prompt=wanted.query_prompt,
        passage_prompt=wanted.passage_prompt,
        batch_size=wanted.batch_size,
    )


class _Weights:
    """The loaded files of a model, and the turns at them: its tokenizer is not thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model: SentenceTransformer | None = None
        self.turns = Turns()


# Half a gigabyte and some seconds, once a program: embedders of the same files share them, for as long as one is left.
_loaded: WeakValueDictionary[tuple[Path, str], _Weights] = WeakValueDictionary()
_sharing = threading.Lock()


def _weights(folder: Path, identity: str) -> _Weights:
    with _sharing:
        key = folder.absolute(), identity
        found = _loaded.get(key)
        if found is None:
            found = _loaded[key] = _Weights(folder)
        return found


class SentenceEmbedder:
    """A folder of sentence-transformers as an Embedder, on the CPU. Safe to call from several threads.

    ``query_prompt`` and ``passage_prompt`` are put before every text; None: the model's own. ``identity`` stands for
    the files of the folder where what is in them is known; None: they are hashed. ``bfloat16`` multiplies matrices
    in that precision; None: where the CPU has tiles for it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        identity: str | None = None,
        dimension: int | None = None,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        batch_size: int = 16,
        bfloat16: bool | None = None,
    ) -> None:
        self.name = name or folder.name
        self._folder = folder
        self._identity = identity
        self._dimension = dimension
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._batch_size = batch_size
        self._bfloat16 = bfloat16
        self._held: _Weights | None = None

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits. Made without loading the model."""
        parts = (self._files, repr(self._query_prompt), repr(self._passage_prompt))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def _files(self) -> str:
        if self._identity is None:
            self._identity = _hash_folder(self._folder)
        return self._identity

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            with self._turn() as model:
                self._dimension = int(model.encode("1", show_progress_bar=False).shape[-1])
        return self._dimension

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimension). A text that is too long for the model is cut at its end."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch: little padding. The longest first: too little memory shows at once.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        done = 0
        while rows := _turnful(order[done : done + self._batch_size], texts):
            with self._turn() as model:
                vectors[rows] = model.encode_document(
                    [texts[i] for i in rows],
                    prompt=self._passage_prompt,
                    batch_size=self._batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            done += len(rows)
            if on_progress is not None:
                on_progress(done)
        return vectors

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """Shape (dimension,)."""
        with self._turn(urgent=True) as model, _one_thread():
            vector = model.encode_query(
                text, prompt=self._query_prompt, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vector, dtype=np.float32)

    def load(self) -> None:
        """Load the weights now, for whom the first text must not wait. Raises ModelUnavailable."""
        with self._turn():
            pass

    @property
    def loaded(self) -> bool:
        return self._held is not None and self._held.model is not None

    @contextlib.contextmanager
    def _turn(self, *, urgent: bool = False) -> Iterator[SentenceTransformer]:
        """The model, for one thread at a time.

        A question waits for what has begun, a few windows of an indexing that runs, and comes before all that has not.
        """
        held = self._held = self._held or _weights(self._folder, self._files)
        with held.turns.turn(urgent=urgent):
            if held.model is None:
                held.model = _load(held.folder)
            if self._bfloat16 is None:
                self._bfloat16 = _has_bfloat16_tiles()
            with _precision(self._bfloat16):
                yield held.model


def _turnful(waiting: Sequence[int], texts: Sequence[str]) -> list[int]:
    """The first of ``waiting`` that one turn takes on."""
    rows, characters = list[int](), 0
    for row in waiting:
        characters += len(texts[row])
        if rows and characters > TURN_CHARACTERS:
            break
        rows.append(row)
    return rows


def _load(folder: Path) -> SentenceTransformer:
    """Load a folder without touching the network. Raises ModelUnavailable."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelUnavailable(
            (f"打不开嵌入模型（{error}）", f"cannot open the embedding model ({error})"),
            subject=str(folder),
            advice=(
                "请检查它是不是 sentence-transformers 模型文件夹，或把 embedding.model 设为 embedded",
                "Check that it is a sentence-transformers folder, or set embedding.model to embedded",
            ),
        ) from error
    finally:
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _has_bfloat16_tiles() -> bool:
    """Whether the CPU has AMX.

    There bfloat16 read 13.7 passages/s against 5.4 in float32 (one 2-core machine); without it, it took four times the
    CPU time (AVX-512 VNNI). Cosine to float32: at least 0.99999. Left out: torch's dynamic 8-bit quantisation, with
    cosines down to 0.966.
    """
    import torch

    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))


def _precision(bfloat16: bool | None) -> contextlib.AbstractContextManager[None]:
    import torch

    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(bfloat16))


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """For a text as short as a question: two threads wait for each other longer than they save, on busy cores above all.

    Two cores, another program busy: 22 ms a question in the middle and 26–36 at the 95th percentile, against 26 and 38–48 with
    two threads; with many others busy, 31–48 against 360–450. The setting is the process's; embedding takes turns.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _model_folder(name: str) -> Path:
    """A model's folder: ``name`` itself, or where the hub's cache has it. Raises ModelUnavailable."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1 or "\\" in name:
        raise ModelUnavailable(
            ("没有这个模型文件夹", "there is no such model folder"),
            subject=name,
            advice=("请检查设置 embedding.model（YOUJU_EMBEDDING_MODEL）", "Check the setting embedding.model"),
        )
    return _hub_folder(name if "/" in name else f"sentence-transformers/{name}")


def _hub_folder(repository: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    # The base of what the hub's HTTP library raises: httpx2 today, httpx before. RuntimeError is hf_xet's.
    transport = [b for b in HfHubHTTPError.__mro__ if b.__name__ == "HTTPError" and issubclass(b, Exception)]
    expected: tuple[type[Exception], ...] = (OSError, ValueError, RuntimeError, *transport)
    try:
        with contextlib.suppress(LocalEntryNotFoundError):
            folder = Path(snapshot_download(repository, local_files_only=True))
            if _has_weights(folder):  # else a download was broken off
                return folder
        folder = Path(snapshot_download(repository, ignore_patterns=[*OTHER_RUNTIMES, "pytorch_model*.bin"]))
        if not _has_weights(folder):  # an older model
            folder = Path(snapshot_download(repository, ignore_patterns=OTHER_RUNTIMES))
        return folder
    except expected as error:
        raise ModelUnavailable(
            ("本机没有这个嵌入模型，也下载不到", "the embedding model is not on this machine and cannot be fetched"),
            subject=repository,
            advice=(
                "请联网后再试（可用 HF_ENDPOINT 指定镜像），把 embedding.model 设为本机上的模型文件夹，或设为 embedded",
                "Try again with a network (HF_ENDPOINT may name a mirror), set embedding.model to a folder on this "
                "machine, or to embedded",
            ),
        ) from error


def _has_weights(folder: Path) -> bool:
    return any(path.suffix in {".safetensors", ".bin"} for path in folder.rglob("*"))


def _hash_folder(folder: Path) -> str:
    """SHA-256 over the names and contents of a model's files; texts for people are left out."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in {".md", ".lock"}):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts):
            continue
        with path.open("rb") as file:
            digest.update(relative.as_posix().encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
