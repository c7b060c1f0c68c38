"""The frame of the window: addresses and Back, a program that goes away and comes back, and a page that nobody touches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from browser import PATIENCE_MS, find_chromium, opened, served
from fakes import TREE, TinyYouju

from rag.settings import Settings, load_settings
from rag.ui.server import listen
from rag.ui.texts import EN, ZH, Texts

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
BOX = "#yj-box textarea"


class Program:
    """The window on one port of this machine, started and stopped as by hand."""

    def __init__(self, youju: TinyYouju) -> None:
        with listen(load_settings({"server.port": 0}, environ={})) as free:
            port = free.getsockname()[1]
        self._youju = youju
        self.settings: Settings = load_settings({"server.port": port}, environ={})
        self.address = f"http://127.0.0.1:{port}"
        self._running = ExitStack()

    def start(self) -> None:
        self._running.enter_context(served(self._youju, self.settings))

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(scope="module")
def youju() -> TinyYouju:
    return TinyYouju()


@pytest.fixture(scope="module")
def program(youju: TinyYouju) -> Iterator[Program]:
    one = Program(youju)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def page(browser: playwright.Browser, program: Program) -> Iterator[playwright.Page]:
    with opened(browser, program.address) as one:
        yield one


def ask(page: playwright.Page, question: str, number: int = 1) -> playwright.Locator:
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    done = page.locator(f'#yj-answer [data-exchange="{number}"][data-state="done"]')
    expect(done).to_be_visible()
    return done


def place(page: playwright.Page) -> str:
    """What of the address tells the place in the window."""
    return str(page.evaluate("location.hash"))


def test_back_closes_what_was_opened_last_and_forward_opens_it_again(page: playwright.Page) -> None:
    sheet = page.locator("dialog.yj-dialog")
    page.click("#yj-nav-library")
    page.click("#yj-nav-search")
    assert place(page) == "#search"
    page.go_back()
    expect(page.locator("#yj-tab-library")).to_be_visible()
    page.go_back()
    expect(page.locator("#yj-welcome h1")).to_be_visible()
    page.go_forward()
    expect(page.locator("#yj-tab-library")).to_be_visible()
    expect(page.locator("#yj-nav-library")).to_have_attribute("aria-selected", "true")
    page.locator("#yj-library-table a[data-article]", has_text=TREE.title).first.click()
    expect(sheet).to_be_visible()
    assert place(page).startswith("#library?id=")
    page.go_back()
    expect(sheet).to_be_hidden()
    expect(page.locator("#yj-tab-library")).to_be_visible()
    page.go_forward()
    expect(sheet).to_be_visible()
    expect(sheet.locator("h1")).to_have_text(TREE.title)
    page.keyboard.press("Escape")  # by hand it is the same as Back
    expect(sheet).to_be_hidden()
    page.wait_for_function("location.hash === '#library'")
    page.click("#yj-nav-chat")
    page.go_back()
    expect(page.locator("#yj-tab-library")).to_be_visible()
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_back_closes_an_article_that_lies_over_or_beside_the_answer(page: playwright.Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    sheet = page.locator("dialog.yj-dialog")
    answer = ask(page, "银杏")
    talk = place(page)
    page.locator("#yj-1-1 > summary").click()
    page.locator("#yj-1-1 .yj-open").click()
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_be_hidden()
    expect(answer).to_be_visible()
    assert place(page) == talk
    page.locator("#yj-1-1 .yj-open").click()
    expect(sheet).to_be_visible()
    sheet.locator(".yj-dialog-close").click()
    page.click("#yj-nav-search")  # at once, while the article's address is still being left
    expect(page.locator("#yj-tab-search")).to_be_visible()
    page.wait_for_function("location.hash === '#search'")
    page.go_back()
    expect(answer).to_be_visible()
    expect(sheet).to_be_hidden()


def test_conversations_have_addresses(page: playwright.Page, program: Program) -> None:
    ask(page, "银杏栽了多少")
    page.wait_for_function("location.hash.startsWith('#chat/')")
    first = place(page)
    page.click("#yj-clear")
    expect(page.locator("#yj-welcome h1")).to_be_visible()
    page.wait_for_function("!location.hash")
    ask(page, "大桥投资多少")
    page.wait_for_function(f"location.hash.startsWith('#chat/') && location.hash !== '{first}'")
    page.go_back()
    expect(page.locator("#yj-welcome h1")).to_be_visible()
    page.go_back()
    expect(page.locator("#yj-answer h2")).to_have_text("银杏栽了多少")
    page.go_forward()
    expect(page.locator("#yj-welcome h1")).to_be_visible()
    page.go_forward()
    expect(page.locator("#yj-answer h2")).to_have_text("大桥投资多少")
    other = page.context.new_page()
    other.goto(f"{program.address}/{first}")  # a link
    expect(other.locator("#yj-answer h2")).to_have_text("银杏栽了多少")
    assert place(other) == first


def test_a_link_and_a_reload_lead_to_the_same_place(browser: playwright.Browser, program: Program) -> None:
    with opened(browser, f"{program.address}/#library?id={TREE.id}&start=20&end=30") as page:
        for _ in range(2):
            expect(page.locator("#yj-tab-library")).to_be_visible()
            expect(page.locator("dialog.yj-dialog mark")).to_have_text(TREE.text[20:30])
            page.reload()
    with opened(browser, f"{program.address}/#chat/0123456789abcdef") as page:  # of a conversation that is gone
        expect(page.locator("#yj-welcome h1")).to_be_visible()
    with opened(browser, f"{program.address}/#nowhere") as page:
        expect(page.locator("#yj-welcome h1")).to_be_visible()


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_program_that_goes_away_is_told_and_its_return_too(browser: playwright.Browser, words: Texts) -> None:
    youju = TinyYouju()
    program = Program(youju)
    program.start()
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    try:
        page.goto(program.address)
        expect(page.locator("#yj-welcome h1")).to_be_visible()
        if words is EN:
            page.click("#yj-language")
            expect(page.locator("#yj-send")).to_have_text(EN.send)
        youju.may_write.clear()
        page.fill(BOX, "银杏")
        page.press(BOX, "Enter")
        expect(page.locator("#yj-side .yj-card")).to_have_count(3)
        program.stop()
        line = page.locator("#yj-connection")
        expect(line).to_have_text(words.away)
        expect(line).to_be_in_viewport()
        expect(page.locator("#yj-stop")).to_be_hidden()  # nothing goes on, and nothing says that it does
        expect(page.locator("#yj-answer .yj-status")).to_be_hidden()
        bar, box = line.bounding_box(), page.locator(BOX).bounding_box()
        assert bar and box and bar["y"] + bar["height"] <= box["y"]
        page.fill(BOX, "大桥投资多少")
        page.press(BOX, "Enter")
        expect(page.locator(BOX)).to_have_value("大桥投资多少")
        page.click("#yj-nav-search")
        expect(line).to_be_visible()
        page.click("#yj-nav-chat")
        youju.may_write.set()
        program.start()
        expect(line).to_have_text(words.back)
        expect(page.locator(BOX)).to_have_value("大桥投资多少")
        page.press(BOX, "Enter")
        expect(page.locator('#yj-answer [data-state="done"]')).to_contain_text("58亿元")
        expect(line).to_be_hidden()
    finally:
        youju.may_write.set()
        context.close()
        program.stop()


def test_what_is_not_saved_is_not_lost_to_a_program_started_anew(browser: playwright.Browser) -> None:
    program = Program(TinyYouju())
    program.start()
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    try:
        page.goto(f"{program.address}/#search")
        page.wait_for_function("window.youju?.there")
        page.evaluate(
            "document.querySelector('#yj-search-form form').removeAttribute('data-at-once')"
        )  # any other form
        page.fill("#yj-search-form [name=words]", "半句话")
        program.stop()
        expect(page.locator("#yj-connection")).to_contain_text(ZH.away)
        program.start()
        expect(page.locator("#yj-connection")).to_contain_text(ZH.restarted)
        expect(page.locator("#yj-search-form [name=words]")).to_have_value("半句话")
        page.locator("#yj-connection").get_by_role("button", name=ZH.reload).click()
        page.wait_for_function("window.youju?.there")
        expect(page.locator("#yj-tab-search")).to_be_visible()
    finally:
        context.close()
        program.stop()


def test_a_page_arrives_once(page: playwright.Page) -> None:
    """A second request beside the first could be answered after it, in the language that the page had before."""
    page.click("#yj-nav-settings")
    expect(page.locator(".yj-settings")).to_be_visible()
    acts: list[str] = []
    page.on("request", lambda request: acts.append(request.url) if "run/predict" in request.url else None)
    page.reload()
    page.wait_for_function("window.youju?.there")
    expect(page.locator(".yj-settings")).to_be_visible()
    page.wait_for_timeout(300)
    assert len(acts) == 1


def test_a_window_that_nobody_uses_rests(page: playwright.Page) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.evaluate("""() => { window.frames_ = 0; const draw = window.requestAnimationFrame;
        window.requestAnimationFrame = callback => { window.frames_ += 1; return draw(callback); } }""")
    page.wait_for_timeout(3000)
    page.evaluate("window.frames_ = 0")
    page.wait_for_timeout(3000)
    assert page.evaluate("window.frames_") <= 6  # sixty a second where nothing holds them
    assert len(requests) <= 1
    ask(page, "银杏")  # and it wakes


def test_a_program_that_nobody_uses_rests() -> None:
    before = set(threading.enumerate())
    with served(TinyYouju()):
        (server,) = (thread for thread in set(threading.enumerate()) - before if thread.name.startswith("Thread"))
        assert server.ident
        share = _share(time.pthread_getcpuclockid(server.ident), lambda: time.sleep(3))
    assert share < 0.02  # of one core; .05 where Gradio looks a thousand times a second


def _share(clock: int, rest: Callable[[], None]) -> float:
    worked, started = time.clock_gettime(clock), time.monotonic()
    rest()
    return (time.clock_gettime(clock) - worked) / (time.monotonic() - started)
