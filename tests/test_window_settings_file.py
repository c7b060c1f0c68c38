"""The configuration file as the settings tab writes it; no browser needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import TinyYouju

from rag.errors import SettingsError
from rag.settings import Settings, load_settings, save_settings, with_changes
from rag.ui import settings_view
from rag.ui.session import Session
from rag.ui.settings import SettingsTab
from rag.ui.texts import ZH

EXAMPLE = Path(__file__).parents[1] / "youju.example.toml"


def test_the_example_keeps_its_comments(tmp_path: Path) -> None:
    file = tmp_path / "youju.toml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    before = file.read_text(encoding="utf-8").splitlines()
    changes = {"language": "en", "llm.base_url": "http://127.0.0.1/#x", "llm.api_key": 'a"b\\c键', "server.port": 8000}
    save_settings(changes, file)
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        'language = "en"',
        'base_url = "http://127.0.0.1/#x"',
        'api_key = "a\\"b\\\\c键"',
        "port = 8000",
    ]
    assert [line for line in before if line not in after] == []
    read = load_settings(folder=tmp_path, environ={})
    assert (read.language, read.llm.base_url, read.server.port) == ("en", "http://127.0.0.1/#x", 8000)
    assert read.llm.api_key.get_secret_value() == 'a"b\\c键'


def test_a_value_that_stands_is_replaced_in_its_line(tmp_path: Path) -> None:
    file = tmp_path / "youju.toml"
    file.write_text("[llm]  # mine\nbase_url = 'http://a#b'  # 旧\nmodel=\"m\"\n[answer]\n", encoding="utf-8")
    save_settings({"llm.base_url": "http://c", "answer.refuse_below": 0.5, "retrieval.top_k": 3}, file)
    assert file.read_text(encoding="utf-8") == (
        '[llm]  # mine\nbase_url = "http://c"  # 旧\nmodel="m"\n[answer]\nrefuse_below = 0.5\n\n[retrieval]\ntop_k = 3\n'
    )


def test_only_its_owner_reads_a_file_with_a_key(tmp_path: Path) -> None:
    file = tmp_path / "youju.toml"
    save_settings({"language": "en"}, file)
    file.chmod(0o644)
    save_settings({"language": "zh"}, file)
    assert file.stat().st_mode & 0o777 == 0o644
    save_settings({"llm.api_key": "k"}, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["youju.toml"]


@pytest.mark.parametrize(
    ("text", "changes", "says"),
    [
        ('llm = {base_url = "http://a"}\n', {"llm.base_url": "http://b"}, "llm.base_url"),
        ('llm.model = "a"\n', {"llm.model": "b"}, "llm.model"),
        ("[llm\n", {"llm.model": "b"}, "TOML"),
        ("", {"llm.evidence_tokens": 3}, "llm.evidence_tokens"),
        ("", {"llm.nothing": 3}, "llm.nothing"),
    ],
    ids=["inline table", "dotted key", "no TOML", "wrong value", "unknown"],
)
def test_what_cannot_be_written_leaves_the_file_alone(
    tmp_path: Path, text: str, changes: dict[str, object], says: str
) -> None:
    file = tmp_path / "youju.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        save_settings(changes, file)
    assert file.read_text(encoding="utf-8") == text


def test_changes_are_checked_and_keep_the_rest() -> None:
    with_key = with_changes(Settings(), {"llm.api_key": "k", "retrieval.top_k": "5"})
    assert with_changes(with_key, {"language": "en"}).llm.api_key.get_secret_value() == "k"
    assert with_key.retrieval.top_k == 5
    with pytest.raises(SettingsError, match=r"retrieval\.top_k"):
        with_changes(with_key, {"retrieval.top_k": "many"})


def test_a_window_open_to_other_machines_changes_nothing() -> None:
    tab = SettingsTab(TinyYouju(), ["settings"], local=False)  # type: ignore[arg-type]
    assert tab.do(Session(), {"do": "save", "language": "en"}) == {}
    shown = tab.show(Session())["settings_form"]
    assert ZH.settings_remote in shown and "<button class" not in shown and shown.count(" disabled") >= 10


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]/v1", True),
        ("http://localhost:1", True),
        ("http://127.0.0.1.example/v1", False),
        ("", False),
    ],
)
def test_what_is_this_machine(address: str, here: bool) -> None:
    settings = with_changes(Settings(), {"llm.provider": "openai", "llm.base_url": address})
    told = settings_view.where(settings, "e", ZH)
    assert (ZH.settings_leaves_nothing in told) is here
    assert settings_view.place("https://user:pass@a.example/v1?key=1") == "https://a.example/v1"
