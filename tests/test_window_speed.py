"""The window does no more than it must: late in a long conversation, and while files are read. Work is counted, not time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from browser import PATIENCE_MS, find_chromium, opened, served
from fakes import TinyYouju
from small import WordEmbedder, small_youju

from rag.ui import saved
from rag.ui.conversation import Exchange, follow

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
BOX = "#yj-box textarea"
# Elements that come onto the page inside of ``selector``, counted from now on in window.drawn.
DRAWN = """selector => {
    window.drawn = 0;
    new MutationObserver(changes => {
        for (const {addedNodes} of changes)
            for (const node of addedNodes) window.drawn += 1 + (node.querySelectorAll?.("*").length ?? 0);
    }).observe(document.querySelector(selector), {childList: true, subtree: true});
}"""


def keep(youju: TinyYouju, name: str, turns: int) -> None:
    for number in range(1, turns + 1):
        exchange = Exchange(number, f"{name}：银杏栽了多少株？")
        for _ in follow(youju, exchange, []):  # type: ignore[arg-type]
            pass
        youju.notes.keep(name, f"{name}：银杏栽了多少株？", number, saved.dump(exchange))


def test_the_two_hundredth_question_is_no_more_work_than_the_fifth(browser: playwright.Browser) -> None:
    youju = TinyYouju()
    keep(youju, "短", 4)
    keep(youju, "长", 199)
    work = {}
    with served(youju) as address, opened(browser, address) as page:
        received: list[int] = []  # bytes
        session = page.context.new_cdp_session(page)
        session.on("Network.dataReceived", lambda event: received.append(event["dataLength"]))
        session.send("Network.enable")
        page.evaluate(DRAWN, "body")
        for name, number in (("短", 5), ("长", 200)):
            page.click("#yj-past button")
            page.locator("#yj-history .yj-past", has_text=name).click()
            expect(page.locator(f'#yj-answer [data-exchange="{number - 1}"]')).to_be_visible()
            page.evaluate("window.drawn = 0")
            received.clear()
            page.fill(BOX, "银杏栽了多少株？")
            page.press(BOX, "Enter")
            expect(page.locator(f'#yj-answer [data-exchange="{number}"][data-state="done"]')).to_be_visible()
            work[name] = page.evaluate("window.drawn"), sum(received)
        assert page.locator("#yj-earlier .yj-exchange").count() <= 12  # the rest comes when asked for
    for fifth, last in zip(work["短"], work["长"], strict=True):
        assert 0 < last < 3 * fifth, work


class Unhurried(WordEmbedder):
    """Takes its time, and none of the processor's."""

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        time.sleep(0.1)
        return super().embed_passages(texts, on_progress=on_progress)


def test_reading_files_leaves_alone_what_is_being_typed(browser: playwright.Browser, tmp_path: Path) -> None:
    files = []
    for number in range(200):
        files.append(tmp_path / f"long-{number}.txt")
        files[-1].write_text(
            f"第{number}号水库\n\n第{number}号水库的泵站去年抽水{number + 7}万吨。\n", encoding="utf-8"
        )
    with (
        small_youju(tmp_path, {}, embedder=Unhurried()) as youju,
        served(youju) as address,
        opened(browser, address) as page,
    ):
        words = "how long is the bridge over the river, and what did it cost? "
        page.click("#yj-nav-library")
        page.set_input_files("#yj-pick-files", files)
        bar = page.locator(".yj-progress progress")
        expect(bar).to_be_visible()
        page.click("#yj-nav-chat")
        expect(page.locator(".yj-archive")).to_be_visible()  # what was read so far, shown once as the tab is opened
        expect(page.locator("#yj-tab-chat option", has_text="号水库").first).to_be_attached()
        page.evaluate(DRAWN, "#yj-tab-chat")
        begun = len(youju.documents())
        page.locator(BOX).press_sequentially(words, delay=20)
        expect(page.locator(BOX)).to_have_value(words)  # nothing wipes what is being typed
        assert page.evaluate("window.drawn") == 0  # nor draws the conversation anew
        assert len(youju.documents()) > begun  # while it was being read
        page.click("#yj-nav-library")
        page.locator(".yj-progress [data-do=stop]").click()  # and it still is
        expect(page.locator(".yj-stopped")).to_be_visible()
