"""A served window and a real Chromium to look at it."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.pipeline import Youju
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    return next((path for name in _CHROMIUM if (path := shutil.which(name))), None)


@contextmanager
def served(youju: Any, settings: Settings | None = None) -> Iterator[str]:
    """The window over ``youju`` on a free port of this machine, until left; its address."""
    import uvicorn

    from rag.ui.server import application, listen

    settings = settings or load_settings({"server.port": 0}, environ={})
    with listen(settings) as listener:
        config = uvicorn.Config(application(youju, settings), log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server ended before it started"
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def shelf(folder: Path, articles: dict[str, str]) -> Iterator[tuple[str, Youju, Settings]]:
    """The window over ``articles`` (file name → text), indexed below ``folder``, without a language model: its address."""
    held = folder / "articles"
    held.mkdir()
    for name, text in articles.items():
        (held / name).write_text(text, encoding="utf-8")
    settings = load_settings({"index": folder / "index", "server.port": 0, "llm.provider": "none"}, environ={})
    with Youju.open(settings, create=True) as youju:
        youju.add([held])
        with served(youju, settings) as address:
            yield address, youju, settings


@contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


PATIENCE_MS = 120_000  # a wait ends as soon as it may; only a fault waits this long


_SIZE: Any = {"width": 1440, "height": 900}


@cache
def _reader(browser: Browser) -> Page:
    """One reader for all tests, whose browser knows the window's scripts: a page opens in half the time."""
    return browser.new_context(viewport=_SIZE, accept_downloads=True).new_page()


@contextmanager
def _page(browser: Browser, **own: Any) -> Iterator[Page]:
    """The reader's page, and what it was changed to and has kept is forgotten when it is left; one of another reader for
    whoever looks in beside them, or wants the browser to be different."""
    page = _reader(browser)
    if own or page.url != "about:blank":
        with browser.new_context(**{"viewport": _SIZE, "accept_downloads": True, **own}) as context:
            yield context.new_page()
        return
    yield page
    context = page.context
    origin = page.url.partition("/#")[0]
    for other in context.pages:
        if other is not page:
            other.close()
    page.goto("about:blank")
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    context.clear_permissions()
    page.set_viewport_size(_SIZE)
    page.emulate_media(color_scheme="null", media="null")


@contextmanager
def opened(browser: Browser, address: str, **own: Any) -> Iterator[Page]:
    """The window, freshly opened. Fails when its page speaks to another origin or has a fault in its script."""
    strays: list[str] = []
    origin = address.partition("/#")[0]
    listeners: dict[Any, Any] = {
        "request": lambda r: r.url.startswith((origin, "data:", "blob:")) or strays.append(r.url),
        "pageerror": lambda error: strays.append(str(error)),
        "console": lambda message: strays.append(message.text) if message.type == "error" else None,
    }
    with _page(browser, **own) as page:
        page.context.set_default_timeout(PATIENCE_MS)
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(address)
        page.wait_for_selector("#yj-welcome h1", state="attached")
        yield page
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    assert not strays, strays


# Text of the page's own that is Chinese: what stands in an element marked as Chinese is an article's, a question's or an
# answer's, and so is what an English sentence has in quotation marks, and the name of a file.
_OWN_CHINESE = """() => {
    const chinese = /[\\u3000-\\u303f\\u3400-\\u9fff\\uff00-\\uffef]/;
    const own = (text) => chinese.test(text.replace(/“[^”]*”/g, ""));
    const found = [];
    const theirs = "[lang|=zh], .yj-file, option, #yj-language, script, style, title";
    const told = ["title", "aria-label", "placeholder", "alt", "data-why", "data-said", "data-label"];
    for (const element of document.body.querySelectorAll("*")) {
        for (const name of told) {
            const value = element.getAttribute(name) || "";
            if (own(value) && !element.closest(theirs)) found.push(`${element.tagName}[${name}]: ${value}`);
        }
        if (element.closest(theirs)) continue;
        for (const node of element.childNodes)
            if (node.nodeType === 3 && own(node.data)) found.push(`${element.tagName}.${element.className}: ${node.data.trim()}`);
        if (element.matches("input:not([type=hidden]):not([type=search]), textarea") && own(element.value)) found.push(`value: ${element.value}`);
    }
    return found;
}"""


def own_chinese(page: Page) -> list[str]:
    """What the English window says in Chinese by itself, hidden parts included: each with its element."""
    found: list[str] = page.evaluate(_OWN_CHINESE)
    return found


def out_of_order(page: Page) -> list[str]:
    """Headings that leave out a level, by axe-core, and a page without one of the first level; a line each."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {"runOnly": ["heading-order", "page-has-heading-one", "empty-heading"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical on the page as it stands, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    tab = page.evaluate("document.body.dataset.tab")
    return [
        f"{tab}: {v['id']}: {json.dumps([n['html'][:160] for n in v['nodes'][:3]], ensure_ascii=False)}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def serious_in_both_themes(page: Page) -> list[str]:
    """The same in light and in dark; the page stays in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=scheme == "dark")
        page.wait_for_function("document.getAnimations().length === 0")  # colours fade from one theme to the other
        found += [f"{scheme}: {line}" for line in serious(page)]
    return found
