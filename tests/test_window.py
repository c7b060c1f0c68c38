"""The window over the real pipeline and the articles that ship with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser import find_chromium, served
from small import small_youju

from rag.models.embedder import Embedder
from rag.settings import load_settings

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
ROOT = Path(__file__).parents[1]
QUESTION = "扬州2025年工业开票目标是多少"
PATIENCE_MS = 500_000  # a small model on two shared cores

# What came onto the page, in the order it came.
WATCH = """
window.order = [];
const kinds = {card: "#yj-side .yj-card", words: "#yj-answer .yj-answer", status: "#yj-answer .yj-status"};
new MutationObserver(() => {
    for (const [kind, selector] of Object.entries(kinds))
        if (!window.order.includes(kind) && document.querySelector(selector)) window.order.push(kind);
}).observe(document, {childList: true, subtree: true});
"""


@pytest.fixture(scope="module")
def index(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(seeds_index, tmp_path_factory.mktemp("window") / "index")


@pytest.mark.parametrize("model", [None, pytest.param("chat_model", marks=pytest.mark.llm)], ids=["none", "embedded"])
def test_a_question_is_answered_with_its_evidence_on_screen(
    request: pytest.FixtureRequest, browser: playwright.Browser, embedder: Embedder, index: Path, model: str | None
) -> None:
    settings = load_settings({"index": index, "llm.provider": "none", "server.port": 0}, environ={})
    asked = request.getfixturevalue(model) if model else None
    with (
        small_youju(index, {}, embedder=embedder, model=asked, settings=settings) as youju,
        served(youju, settings) as address,
        browser.new_context(viewport={"width": 1440, "height": 900}) as context,
    ):
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.add_init_script(WATCH)
        page.goto(address)
        page.get_by_role("button", name=QUESTION).click()

        expect(page.locator("#yj-side .yj-card").first).to_be_visible(timeout=PATIENCE_MS)
        done = page.locator('#yj-answer [data-state="done"]')
        expect(done).to_be_visible(timeout=PATIENCE_MS)
        expect(done.locator(".yj-answer")).to_contain_text("万亿")
        order = page.evaluate("window.order")
        assert order.index("card") < order.index("words")

        page.locator("#yj-side .yj-card > summary").first.click()
        mark = page.locator("#yj-side .yj-card[open] mark")
        expect(mark).to_be_in_viewport()
        quote = mark.text_content()
        assert quote and "万亿" in quote
        texts = [youju.document(info.id).text for info in youju.documents()]
        assert any(quote in text for text in texts)

        (ROOT / "test-results").mkdir(exist_ok=True)
        page.screenshot(path=ROOT / "test-results" / "window.png")
        done.locator(".yj-chip").first.click()
        expect(page.locator("dialog.yj-dialog mark").first).to_be_in_viewport()
        page.screenshot(path=ROOT / "test-results" / "article.png")
        assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
