"""The settings tab over the real pipeline with the real embedding model, and a language model of a few lines."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious, shelf
from test_llm import KEY, Endpoint

from rag.models.bundled import NAME
from rag.pipeline import Youju
from rag.ui.settings_view import OPENAI
from rag.ui.texts import EN, ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
BRIDGE = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
QUESTION = "东港大桥全长多少？"
REMOTE = "https://models.example/v1"


class Window(NamedTuple):
    address: str
    youju: Youju
    file: Path  # youju.toml


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.chdir(tmp_path)
    with shelf(tmp_path, {"bridge.txt": BRIDGE}) as (address, youju, _):
        yield Window(address, youju, tmp_path / "youju.toml")


@pytest.fixture
def page(browser: playwright.Browser, window: Window) -> Iterator[playwright.Page]:
    with opened(browser, window.address) as one:
        one.click("#yj-nav-settings")
        expect(one.locator(".yj-settings")).to_be_visible()
        yield one


@pytest.fixture(params=[{}], ids=[""])
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    server = Endpoint(**request.param)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fill(page: playwright.Page, **fields: str) -> None:
    """``llm__model="m"`` fills the field of llm.model."""
    for name, value in fields.items():
        field = page.locator(f'.yj-settings [name="{name.replace("__", ".")}"]')
        if field.evaluate("f => f.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def save(page: playwright.Page) -> playwright.Locator:
    page.get_by_role("button", name=ZH.settings_save).click()
    return page.locator("#yj-settings-said p")


def test_another_model_answers_at_once_and_its_key_is_never_shown(
    page: playwright.Page, window: Window, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    expect(page.locator(".yj-leaves")).to_contain_text(ZH.settings_leaves_nothing)
    fill(page, llm__provider="openai", llm__base_url=endpoint.base_url, llm__model="some-model", llm__api_key=KEY)
    expect(save(page)).to_contain_text("youju.toml")
    written = tomllib.loads(window.file.read_text(encoding="utf-8"))
    assert written["llm"]["api_key"] == KEY and written["llm"]["provider"] == "openai"
    assert window.file.stat().st_mode & 0o777 == 0o600
    expect(page.locator(".yj-stays")).to_contain_text(endpoint.base_url)  # a service, but on this machine
    expect(page.locator('[name="llm.api_key"]')).to_have_value("")
    page.click("#yj-nav-chat")
    page.fill("#yj-box textarea", QUESTION)
    page.press("#yj-box textarea", "Enter")
    expect(page.locator('#yj-answer [data-state="done"]')).to_be_visible()
    assert endpoint.requests[-1][1] == f"Bearer {KEY}"
    page.click("#yj-nav-settings")
    page.reload()
    expect(page.locator(".yj-settings")).to_be_visible()
    expect(page.locator(".yj-settings")).to_contain_text(ZH.settings_key_set)
    assert KEY not in page.content()
    assert not [record for record in caplog.records if KEY in record.getMessage()]
    page.get_by_role("button", name=ZH.settings_key_forget).click()
    expect(page.locator("#yj-settings-said p")).to_have_text(ZH.settings_key_forgotten)
    assert tomllib.loads(window.file.read_text(encoding="utf-8"))["llm"]["api_key"] == ""


def test_what_leaves_is_said_and_no_other_address_gets_the_key(
    page: playwright.Page, window: Window, endpoint: Endpoint
) -> None:
    fill(page, llm__provider="openai", llm__base_url=REMOTE, llm__model="m", llm__api_key=KEY)
    expect(save(page)).to_be_visible()
    expect(page.locator(".yj-leaves")).to_contain_text(REMOTE)
    fill(page, llm__base_url=endpoint.base_url)
    page.get_by_role("button", name=ZH.settings_try_model).click()  # before it is saved
    said = page.locator("#yj-settings-said p")
    expect(said).to_contain_text("北京。")
    assert KEY not in str(endpoint.requests)
    expect(save(page)).to_contain_text(ZH.settings_key_dropped)
    assert window.youju.settings.llm.api_key.get_secret_value() == ""


@pytest.mark.parametrize("endpoint", [{"status": 401}], indirect=True, ids=["refuses the key"])
def test_a_trial_says_what_failed_without_the_key(page: playwright.Page, endpoint: Endpoint) -> None:
    fill(page, llm__provider="openai", llm__base_url=endpoint.base_url, llm__model="m", llm__api_key=KEY)
    page.get_by_role("button", name=ZH.settings_try_model).click()
    said = page.locator("#yj-settings-said [role=alert]")
    expect(said).to_contain_text("401")
    assert KEY not in page.content()
    assert endpoint.requests[0][1] == f"Bearer {KEY}"


def test_the_embedding_model_is_tried(page: playwright.Page) -> None:
    page.get_by_role("button", name=ZH.settings_try_embedding).click()
    said = page.locator("#yj-settings-said p")
    expect(said).to_contain_text(NAME)
    expect(said).to_contain_text("384")


def test_a_threshold_counts_for_the_next_question_and_a_wrong_one_for_none(
    page: playwright.Page, window: Window
) -> None:
    fill(page, llm__evidence_tokens="1")
    page.get_by_role("button", name=ZH.settings_save).click()
    expect(page.locator(".yj-notice")).to_contain_text("llm.evidence_tokens")
    assert not window.file.exists()
    fill(page, llm__evidence_tokens="200", answer__refuse_below="1")
    expect(save(page)).to_have_text(ZH.settings_saved.format(file="youju.toml"))
    assert tomllib.loads(window.file.read_text(encoding="utf-8")) == {
        "llm": {"evidence_tokens": 200},  # what was not touched is not written
        "answer": {"refuse_below": 1.0},
    }
    assert window.youju.ask(QUESTION).refused
    fill(page, answer__refuse_below="0", server__port="7999")
    expect(save(page)).to_have_text(ZH.settings_saved_later.format(file="youju.toml"))
    assert not window.youju.ask(QUESTION).refused


def test_what_the_environment_decides_is_not_asked_for(
    browser: playwright.Browser, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_LLM_MODEL", "fixed")
    with opened(browser, f"{window.address}/#settings") as page:
        field = page.locator('.yj-settings [name="llm.model"]')
        expect(field).to_be_disabled()
        expect(page.locator(".yj-settings")).to_contain_text("YOUJU_LLM_MODEL")


def test_language_and_theme(page: playwright.Page) -> None:
    page.get_by_role("button", name=ZH.settings_theme_dark).click()
    assert page.evaluate("document.body.classList.contains('dark')")
    fill(page, language="en")
    expect(save(page)).to_have_text(EN.settings_saved.format(file="youju.toml"))
    expect(page.locator("#yj-nav-settings")).to_have_text(EN.tab_settings)
    page.reload()
    expect(page.locator("#yj-nav-library")).to_have_text(EN.tab_library)
    assert page.evaluate("document.body.classList.contains('dark')")
    page.get_by_role("button", name=EN.settings_theme_auto).click()
    assert not page.evaluate("document.body.classList.contains('dark')")


def test_openai_without_an_address_is_said_to_leave(page: playwright.Page) -> None:
    fill(page, llm__provider="openai", llm__model="m")
    expect(save(page)).to_be_visible()
    expect(page.locator(".yj-leaves")).to_contain_text(OPENAI)


def test_a_service_needs_the_name_of_a_model(page: playwright.Page, window: Window) -> None:
    fill(page, llm__provider="openai", llm__base_url=REMOTE)
    page.get_by_role("button", name=ZH.settings_save).click()
    expect(page.locator(".yj-notice")).to_contain_text("llm.model")
    assert not window.file.exists() and window.youju.settings.llm.kind == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_reached_by_keyboard_and_by_a_screen_reader(
    browser: playwright.Browser, window: Window, scheme: str
) -> None:
    with opened(browser, window.address, color_scheme=scheme) as page:
        page.locator("#yj-nav-chat").press("End")
        expect(page.locator("#yj-nav-settings")).to_be_focused()
        page.locator('.yj-settings [name="llm.provider"]').focus()
        for name in ("llm.base_url", "llm.model", "llm.api_key", "llm.timeout_s"):
            page.keyboard.press("Tab")
            expect(page.locator(f'.yj-settings [name="{name}"]')).to_be_focused()
        assert serious(page) == []
        page.locator('.yj-settings [name="answer.refuse_below"]').press("Enter")
        expect(page.locator("#yj-settings-said p")).to_have_text(ZH.settings_nothing)
        page.click("#yj-language")
        expect(page.locator(".yj-where")).to_contain_text(EN.settings_where)
        expect(page.locator(".yj-settings .yj-primary")).to_have_text(EN.settings_save)
        assert serious(page) == []
