"""The settings tab over the real pipeline with the real embedding model, and a language model of a few lines."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious, serious_in_both_themes, shelf
from test_llm import KEY, Endpoint

from rag.models.bundled import NAME, embedding_folder
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


def change_model(page: playwright.Page, model: Path | str) -> None:
    page.fill('.yj-embedding-form [name="embedding.model"]', str(model))
    page.get_by_role("button", name=ZH.settings_reembed).click()


def test_another_embedding_model_embeds_all_articles_again(
    page: playwright.Page, window: Window, other_model: Path
) -> None:
    expect(page.locator(".yj-embedding-form")).to_contain_text("1 篇文章")
    page.fill('.yj-embedding-form [name="embedding.model"]', str(other_model))
    page.get_by_role("button", name=ZH.settings_try_embedding).click()  # before anything is embedded
    expect(page.locator("#yj-settings-said p")).to_contain_text("32 维")
    assert window.youju.embedder.dimension == 384
    change_model(page, other_model)
    said = page.locator("#yj-settings-change [role=status]")
    expect(said).to_have_text(ZH.settings_reembed_done.format(name=other_model, documents=1, file=window.file.name))
    assert window.youju.embedder.dimension == 32
    assert tomllib.loads(window.file.read_text(encoding="utf-8")) == {"embedding": {"model": str(other_model)}}
    expect(page.locator(".yj-embedding b")).to_have_text(str(other_model))
    expect(page.locator(".yj-stays")).to_contain_text(str(other_model))
    change_model(page, other_model)
    expect(page.locator("#yj-settings-said p")).to_have_text(ZH.settings_reembed_same)
    page.click("#yj-nav-chat")
    page.fill("#yj-box textarea", QUESTION)
    page.press("#yj-box textarea", "Enter")
    expect(page.locator('#yj-answer [data-state="done"]')).to_contain_text("3.2公里")


def test_a_model_that_is_not_there_leaves_the_index_as_it_was(page: playwright.Page, window: Window) -> None:
    before = window.youju.embedder
    change_model(page, "./no/such/model")
    said = page.locator("#yj-settings-change [role=alert]")
    expect(said).to_contain_text("./no/such/model")
    expect(said).to_contain_text(ZH.settings_reembed_kept.format(name=NAME))
    assert window.youju.embedder is before and not window.file.exists()
    assert "3.2公里" in window.youju.ask(QUESTION).text
    assert serious_in_both_themes(page) == []


def test_embedding_again_is_seen_from_every_page_and_stopped(
    browser: playwright.Browser, page: playwright.Page, window: Window, tmp_path: Path
) -> None:
    (tmp_path / "long.txt").write_text(
        "水库\n\n" + "".join(f"第{n}座泵站去年抽水{n}万吨，耗电{n * 3 + 1}万度，检修{n % 7}次。\n" for n in range(600)),
        encoding="utf-8",
    )
    window.youju.add([tmp_path / "long.txt"])
    documents, before = window.youju.documents(), window.youju.embedder
    same = tmp_path / "model"  # the embedded model under another name: as slow as a real one
    same.symlink_to(embedding_folder(window.youju.settings.cache_dir))
    change_model(page, same)
    progress = page.locator("#yj-settings-change .yj-progress")
    expect(progress).to_contain_text("段")
    expect(page.get_by_role("button", name=ZH.settings_reembed)).to_be_disabled()
    with opened(browser, f"{window.address}/#settings") as other:
        expect(other.locator("#yj-settings-change progress")).to_be_visible()
        expect(other.locator("#yj-settings-change .yj-progress")).to_contain_text("还要")
        assert serious_in_both_themes(other) == []
        other.locator("#yj-settings-change [data-do=stop_reembedding]").click()
        told = ZH.settings_reembed_stopped.format(name=NAME)
        expect(other.locator("#yj-settings-change .yj-said")).to_have_text(told)
    expect(page.locator("#yj-settings-change .yj-said")).to_have_text(told)
    expect(page.get_by_role("button", name=ZH.settings_reembed)).to_be_enabled()
    assert window.youju.embedder is before and window.youju.documents() == documents and not window.file.exists()


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
        provider = page.locator('.yj-settings [name="llm.provider"]')
        chosen = provider.input_value()
        expect(page.locator('.yj-settings [name="llm.api_key"]')).to_be_hidden()  # there is no service to have one
        provider.select_option("openai")
        provider.focus()
        for name in ("llm.base_url", "llm.model", "llm.api_key", "llm.timeout_s"):
            page.keyboard.press("Tab")
            expect(page.locator(f'.yj-settings [name="{name}"]')).to_be_focused()
        assert serious(page) == []
        provider.select_option(chosen)
        page.locator('.yj-settings [name="answer.refuse_below"]').press("Enter")
        expect(page.locator("#yj-settings-said p")).to_have_text(ZH.settings_nothing)
        page.click("#yj-language")
        expect(page.locator(".yj-where")).to_contain_text(EN.settings_where)
        expect(page.locator(".yj-settings .yj-primary")).to_have_text(EN.settings_save)
        assert serious(page) == []
