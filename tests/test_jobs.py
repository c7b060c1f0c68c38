"""Uploads: nothing takes the place of what is there unasked, and nothing goes on reading when it should have ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from rag.errors import NotText
from rag.settings import Settings
from rag.types import DocumentInfo, IndexReport, Progress
from rag.ui import library_view
from rag.ui.jobs import Batch, Jobs
from rag.ui.session import Shelf
from rag.ui.texts import EN, ZH
from rag.ui.uploads import UPLOADS


class Shelved:
    """What ``Jobs`` needs of a ``Youju``, with files for articles. ``go`` holds reading back before each file."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(index=folder)
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()
        self.contents: dict[str, bytes] = {}
        self.closed = False
        self.touched_closed = False
        self._endings: list[Callable[[], None]] = []

    def documents(self) -> list[DocumentInfo]:
        return [
            DocumentInfo(path, Path(path).name, path, sha256(data).hexdigest(), f"标题 {data.decode()[:9]}", None, 1, 1)
            for path, data in self.contents.items()
        ]

    def add(self, paths: Sequence[Path], *, on_progress: Callable[[Progress], None]) -> IndexReport:
        added, replaced, unchanged, failed = [], [], [], []
        for number, path in enumerate(paths):
            on_progress(Progress("read", number, len(paths), "files", path.name))
            self.begun.set()
            self.go.wait(30)
            on_progress(Progress("embed", 1, 2, "windows", path.name))
            self.touched_closed |= self.closed
            data = path.read_bytes()
            if not data.strip():
                error = NotText(("文件里没有文字", "there is no text in the file"), subject=str(path))
                failed.append((str(path), (error.text("zh"), error.text("en"))))
            elif self.contents.get(str(path)) == data:
                unchanged.append(path.name)
            else:
                (replaced if str(path) in self.contents else added).append(path.name)
                self.contents[str(path)] = data
        return IndexReport(tuple(added), tuple(replaced), tuple(unchanged), (), tuple(failed))

    def take_out(self, document_id: str) -> None:
        del self.contents[document_id]

    def before_close(self, end: Callable[[], None]) -> None:
        self._endings.append(end)

    def close(self) -> None:
        while self._endings:
            self._endings.pop()()
        self.closed = True


class Desk:
    """Sends files as a browser does, and tells what is on the page and in the folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self._inbox = folder / "inbox"
        self._inbox.mkdir()
        self.youju = Shelved(folder / "index")
        self.uploads = folder / "index" / UPLOADS
        self.jobs = Jobs(self.youju)  # type: ignore[arg-type]

    def send(self, *files: tuple[str, str]) -> Batch:
        sent = []
        for number, (name, text) in enumerate(files):
            file = self._inbox / f"{len(list(self._inbox.iterdir()))}-{number}"
            file.write_text(text, encoding="utf-8")
            sent.append((file, name))
        return self.jobs.start(Batch(sent))

    def sent(self, *files: tuple[str, str]) -> Batch:
        batch = self.send(*files)
        assert batch.done.wait(30)
        return batch

    @property
    def held(self) -> dict[str, str]:
        """Name below the folder of uploads → what the article says, as it is in the index."""
        return {Path(p).relative_to(self.uploads).as_posix(): d.decode() for p, d in self.youju.contents.items()}

    @property
    def lying(self) -> dict[str, str]:
        files = (path for path in self.uploads.rglob("*") if path.is_file())
        return {path.relative_to(self.uploads).as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.youju.go.set()
    one.youju.close()


def shown(desk: Desk, batch: Batch) -> str:
    return library_view.progress([], [batch], str(desk.uploads), ZH)


@pytest.mark.parametrize(
    ("name", "second", "third"),
    [
        ("报告.txt", "报告 (2).txt", "报告 (3).txt"),
        ("通知/第三期.txt", "通知/第三期 (2).txt", "通知/第三期 (3).txt"),
        ("a.b.txt", "a.b (2).txt", "a.b (3).txt"),
    ],
)
def test_a_file_of_the_same_name_is_kept_beside_the_other(desk: Desk, name: str, second: str, third: str) -> None:
    desk.sent((name, "一月的数"))
    batch = desk.sent((name, "二月的数"))
    desk.sent((name, "三月的数"))
    assert desk.held == desk.lying == {name: "一月的数", second: "二月的数", third: "三月的数"}
    page = shown(desk, batch)
    assert ZH.library_twin.format(name=name, new=Path(second).name) in page
    assert ZH.library_replace in page and ZH.library_keep in page


def test_the_same_bytes_are_in_the_library_already(desk: Desk) -> None:
    desk.sent(("报告.txt", "一月的数"))
    for name in ("报告.txt", "另一个名字.txt"):
        batch = desk.sent((name, "一月的数"))
        assert desk.held == desk.lying == {"报告.txt": "一月的数"}
        page = shown(desk, batch)
        assert ZH.library_present.format(count=1) in page and name in page and ZH.library_added[:2] not in page
        assert not batch.open_twins
    assert "《标题 一月的数》" in page  # by which name it is there


def test_a_twin_takes_the_others_place_when_that_is_wanted(desk: Desk) -> None:
    desk.sent(("报告.txt", "一月的数"), ("通知.txt", "旧通知"))
    batch = desk.sent(("报告.txt", "二月的数"), ("通知.txt", "新通知"))
    report, notice = batch.open_twins
    done = desk.jobs.start(Batch(replacing=[report]))
    assert done.done.wait(30) and done.report and done.report.replaced == ("报告.txt",)
    assert desk.held == desk.lying == {"报告.txt": "二月的数", "通知.txt": "旧通知", "通知 (2).txt": "新通知"}
    batch.answered.add(report.new)
    assert batch.open_twins == [notice]


def test_a_swap_that_fails_leaves_both(desk: Desk) -> None:
    desk.sent(("报告.txt", "一月的数"))
    batch = desk.sent(("报告.txt", "二月的数"))
    (twin,) = batch.open_twins
    twin.new.write_text("  ", encoding="utf-8")  # spoilt meanwhile
    done = desk.jobs.start(Batch(replacing=[twin]))
    assert done.done.wait(30) and done.report and done.report.failed
    assert desk.held == {"报告.txt": "一月的数", "报告 (2).txt": "二月的数"}
    assert desk.lying == {"报告.txt": "一月的数", "报告 (2).txt": "  "}


def test_a_refused_upload_leaves_nothing_and_says_why(desk: Desk) -> None:
    batch = desk.sent(("空.txt", " \n"), ("好.txt", "有字"))
    assert desk.held == desk.lying == {"好.txt": "有字"}
    page = shown(desk, batch)
    assert "空.txt" in page and "文件里没有文字" in page
    again = desk.sent(("空.txt", "这回有字"))  # nor is it in the way of a better one
    assert desk.held["空.txt"] == "这回有字" and not again.open_twins


def test_an_older_report_stays_where_there_is_something_to_know(desk: Desk) -> None:
    smooth, faulty, last = desk.sent(("甲.txt", "甲")), desk.sent(("空.txt", " ")), desk.sent(("乙.txt", "乙"))
    page = library_view.progress([], [smooth, faulty, last], str(desk.uploads), ZH)
    assert page.count("yj-report") == 2 and "甲.txt" not in page
    assert page.index("乙.txt") < page.index("空.txt")  # the newest first


def test_stop_ends_every_batch(desk: Desk) -> None:
    desk.youju.go.clear()
    first = desk.send(("甲.txt", "甲"), ("乙.txt", "乙"))
    second = desk.send(("丙.txt", "丙"))
    assert desk.youju.begun.wait(30)
    page = library_view.progress(desk.jobs.unfinished, [first, second], str(desk.uploads), EN)
    assert EN.library_queued.format(count=1) in page and 'data-do="stop"' in page
    desk.jobs.stop()
    desk.youju.go.set()
    assert first.done.wait(30) and second.done.wait(30)
    assert desk.held == desk.lying == {} and (first.kept, second.kept) == (0, 0)
    assert desk.sent(("丁.txt", "丁")).report  # and the next one is read as ever


def test_closing_waits_for_every_batch(desk: Desk) -> None:
    desk.youju.go.clear()
    first, second = desk.send(("甲.txt", "甲"), ("乙.txt", "乙")), desk.send(("丙.txt", "丙"))
    assert desk.youju.begun.wait(30)
    closing = threading.Thread(target=desk.youju.close)
    closing.start()
    desk.youju.go.set()
    closing.join(30)
    assert first.done.is_set() and second.done.is_set() and not desk.youju.touched_closed
    assert "youju-index" not in {thread.name for thread in threading.enumerate()}
    late = desk.send(("丁.txt", "丁"))
    assert late.done.is_set() and late.kept == 0


def test_uploads_stay_inside_their_folder(desk: Desk) -> None:
    names = ["../../evil.txt", "/etc/passwd.txt", "a/b/../c.txt", "..\\..\\evil2.txt", "城西.txt"]
    batch = desk.sent(*((name, name) for name in names))
    files = batch.settled.files
    assert all(path.resolve().is_relative_to(desk.uploads) and path.is_file() for path in files)
    assert files[-1] == desk.uploads / "城西.txt" and files[2] == desk.uploads / "a" / "b" / "c.txt"


def test_a_sidecar_is_no_article_and_those_beside_it_are_read_again(desk: Desk) -> None:
    desk.sent(("期/一.txt", "一"), ("别处.txt", "别处"))
    batch = desk.sent(("期/metadata.toml", '["一.txt"]\ndate = 2024-03-01\n'))
    assert batch.report and batch.report.unchanged == ("一.txt",) and not batch.report.failed
    assert "期/metadata.toml" in desk.lying


def test_ticked_articles_are_asked_within(desk: Desk) -> None:
    desk.sent(("甲.txt", "甲"), ("乙.txt", "乙"))
    one, two = desk.youju.documents()
    shelf = Shelf(ticked=[two.id, "gone", one.id])
    bar = library_view.ticked(shelf, [one, two], ZH)
    assert ZH.library_ticked.format(count=2) in bar and f'data-document="{two.id} {one.id}"' in bar
    assert library_view.ticked(Shelf(ticked=["gone"]), [one], ZH) == ""
    rows = library_view.table([one, two], {}, Shelf(ticked=[two.id]), ZH, writable=False)
    assert rows.count("data-tick") == 2 and rows.count(" checked") == 1
