"""Files on their way into the library, as people bring them: dropped, chosen as a folder, stopped half way, sorted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious_in_both_themes, shelf

from rag.pipeline import Youju
from rag.ui.jobs import UPLOADS
from rag.ui.texts import ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
BRIDGE = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
TUNNEL = "南山隧道开工\n\n南山隧道昨日开工，全长5.7公里，总投资33亿元。\n"


class Window(NamedTuple):
    address: str
    youju: Youju
    uploads: Path


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with shelf(tmp_path, {"bridge.txt": BRIDGE}) as (address, youju, settings):
        yield Window(address, youju, settings.index / UPLOADS)


@pytest.fixture
def page(browser: playwright.Browser, window: Window) -> Iterator[playwright.Page]:
    with opened(browser, window.address) as one:
        one.click("#yj-nav-library")
        expect(one.locator("#yj-library-table table")).to_be_visible()
        yield one


def drop(page: playwright.Page, *paths: Path) -> None:
    """What the system does when files and folders are let go over the window."""
    box = page.locator(".yj-drop").bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at})
        if kind == "dragOver":
            expect(page.locator(".yj-drop-over")).to_be_visible()
    expect(page.locator(".yj-drop-over")).to_have_count(0)


def test_files_and_folders_are_dropped(page: playwright.Page, window: Window, tmp_path: Path) -> None:
    (tmp_path / "new" / "inner").mkdir(parents=True)
    (tmp_path / "new" / "tunnel.txt").write_text(TUNNEL, encoding="utf-8")
    (tmp_path / "new" / "inner" / "park.txt").write_text(
        "城西湿地公园开园\n\n城西湿地公园占地320公顷。\n", encoding="utf-8"
    )
    (tmp_path / "single.txt").write_text("北湖水厂投产\n\n北湖水厂日供水12万吨。\n", encoding="utf-8")
    drop(page, tmp_path / "new", tmp_path / "single.txt")
    expect(page.locator(".yj-report")).to_contain_text(
        ZH.library_report.format(counts=ZH.library_added.format(count=3))
    )
    assert {path.relative_to(window.uploads).as_posix() for path in window.uploads.rglob("*.*")} == {
        "new/tunnel.txt",
        "new/inner/park.txt",
        "single.txt",
    }
    expect(page.locator("#yj-library-table tbody tr")).to_have_count(4)


def test_a_folder_is_chosen_and_its_articles_found(page: playwright.Page, tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    (folder / "tunnel.txt").write_text(TUNNEL, encoding="utf-8")
    page.set_input_files("#yj-pick-folder", folder)
    expect(page.locator(".yj-report")).to_contain_text("tunnel.txt")
    page.click("#yj-nav-search")
    page.fill("#yj-search-form [name=words]", "隧道总投资")
    page.locator("#yj-search-form .yj-primary").click()
    expect(page.locator(".yj-result .yj-file").first).to_have_text("tunnel.txt")
    expect(page.locator("#yj-search-form")).to_contain_text(ZH.search_undated)


def test_reading_is_seen_and_stopped_and_what_was_read_stays(
    page: playwright.Page, window: Window, tmp_path: Path
) -> None:
    files = []
    for number in range(80):
        files.append(tmp_path / f"long-{number}.txt")
        text = "".join(
            f"第{number}号水库的第{n}座泵站去年抽水{n + number}万吨，耗电{n * 3 + 1}万度。\n" for n in range(40)
        )
        files[-1].write_text(f"第{number}号水库\n\n{text}", encoding="utf-8")
    page.set_input_files("#yj-pick-files", files)
    bar = page.locator(".yj-progress progress")
    expect(bar).to_have_attribute("max", "80")
    expect(page.locator(".yj-progress")).to_contain_text(re.compile("还要(?:约[\\d.]+(?:分钟|小时)|不到1分钟)"))
    page.wait_for_function("Number(document.querySelector('.yj-progress progress')?.getAttribute('value')) > 2")
    page.locator(".yj-progress").get_by_role("button", name=ZH.library_stop).click()
    said = page.locator(".yj-stopped")
    expect(said).to_be_visible()
    kept, left = (int(number) for number in re.findall(r"\d+", said.inner_text()))
    assert kept > 0 and left > 0 and kept + left == 80
    names = {info.name for info in window.youju.documents()} - {"bridge.txt"}
    assert len(names) == kept
    assert {path.name for path in window.uploads.iterdir()} == names  # nothing lies about unread
    expect(page.locator("#yj-library-table tbody tr")).to_have_count(kept + 1)
    assert {hit.document for hit in window.youju.search("水库的泵站", k=3)} <= names
    page.set_input_files("#yj-pick-files", files[-1])  # and the next batch is read as ever
    expect(page.locator(".yj-report")).to_be_visible()


def test_collections_narrow_a_search(page: playwright.Page, window: Window, tmp_path: Path) -> None:
    (tmp_path / "tunnel.txt").write_text(TUNNEL, encoding="utf-8")
    page.set_input_files("#yj-pick-files", tmp_path / "tunnel.txt")
    row = page.locator("#yj-library-table tr", has_text="tunnel.txt")
    row.locator("[data-do=edit]").click()
    page.locator(".yj-editing [name=collection]").fill("隧道")
    page.locator(".yj-editing [name=collection]").press("Enter")
    expect(row.locator(".yj-tag")).to_have_text("隧道")
    assert list(window.youju.collections()) == ["隧道"]
    page.click("#yj-nav-search")
    page.fill("#yj-search-form [name=words]", "总投资")
    page.select_option("#yj-search-form [name=collection]", label="隧道")
    page.locator("#yj-search-form .yj-primary").click()
    files = page.locator(".yj-result .yj-file")
    expect(files.first).to_have_text("tunnel.txt")
    assert set(files.all_inner_texts()) == {"tunnel.txt"}


def test_a_file_of_the_same_name_is_asked_about(page: playwright.Page, window: Window, tmp_path: Path) -> None:
    file = tmp_path / "tunnel.txt"
    report = page.locator(".yj-report").first
    file.write_text(TUNNEL, encoding="utf-8")
    page.set_input_files("#yj-pick-files", file)
    expect(report).to_contain_text(ZH.library_added.format(count=1))
    page.set_input_files("#yj-pick-files", file)
    expect(report).to_contain_text(ZH.library_present.format(count=1))
    file.write_text(TUNNEL.replace("5.7", "6.1"), encoding="utf-8")
    page.set_input_files("#yj-pick-files", file)
    expect(report).to_contain_text(ZH.library_twin.format(name="tunnel.txt", new="tunnel (2).txt"))
    rows = page.locator("#yj-library-table tbody tr", has_text="南山隧道开工")
    expect(rows).to_have_count(2)
    assert {window.youju.document(info.id).text.count("5.7公里") for info in window.youju.documents()} == {0, 1}
    assert serious_in_both_themes(page) == []
    page.locator(".yj-twins").get_by_role("button", name=ZH.library_replace).click()
    expect(rows).to_have_count(1)
    expect(page.locator(".yj-twins")).to_have_count(0)
    texts = {info.name: window.youju.document(info.id).text for info in window.youju.documents()}
    assert set(texts) == {"bridge.txt", "tunnel.txt"} and "6.1公里" in texts["tunnel.txt"]
    assert [path.name for path in window.uploads.iterdir()] == ["tunnel.txt"]
