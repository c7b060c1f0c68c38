"""Settings: four places, one order, and errors that name the place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rag.errors import SettingsError
from rag.settings import Settings, load_settings, names

SECRET = "sk-do-not-show-me"


def load(
    folder: Path,
    toml: str | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    if toml is not None:
        (folder / "youju.toml").write_text(toml, encoding="utf-8")
    return load_settings(flags, environ=environ or {}, folder=folder)


def refusal(*arguments: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(*arguments)
    return caught.value


def test_later_places_win(tmp_path: Path) -> None:
    assert load(tmp_path).server.port == Settings().server.port
    assert load(tmp_path, "[server]\nport = 8001").server.port == 8001
    assert load(tmp_path, None, {"YOUJU_SERVER_PORT": "8002"}).server.port == 8002
    assert load(tmp_path, None, {"YOUJU_SERVER_PORT": "8002"}, {"server.port": 8003}).server.port == 8003


def test_places_are_merged_key_by_key(tmp_path: Path) -> None:
    toml = 'language = "en"\n[llm]\nmodel = "a"\nbase_url = "http://127.0.0.1:1/v1"'
    settings = load(tmp_path, toml, {"YOUJU_LLM_MODEL": "b", "YOUJU_INDEX": "elsewhere"}, {"llm.threads": 3})
    assert (settings.language, settings.index) == ("en", Path("elsewhere"))
    llm = settings.llm
    assert (llm.base_url, llm.model, llm.threads, llm.max_tokens) == ("http://127.0.0.1:1/v1", "b", 3, 320)


def test_a_flag_not_given_changes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "[server]\nport = 8001", None, {"server.port": None, "index": None}).server.port == 8001


def test_another_file_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('language = "en"', encoding="utf-8")
    assert load(tmp_path, 'language = "zh"', {"YOUJU_CONFIG": str(other)}).language == "en"
    assert str(tmp_path / "gone.toml") in refusal(tmp_path, None, {"YOUJU_CONFIG": str(tmp_path / "gone.toml")}).subject


def test_other_variables_are_none_of_ours(tmp_path: Path) -> None:
    assert load(tmp_path, None, {"LLM_MODEL": "x", "PATH": "y", "MY_YOUJU_INDEX": "z"}) == Settings()


@pytest.mark.parametrize(
    ("toml", "environ", "flags", "subject"),
    [
        ("colour = 1", None, None, "youju.toml: colour"),
        ("[llm]\ncolour = 1", None, None, "youju.toml: [llm] colour"),
        ("[colours]\nred = 1", None, None, "youju.toml: colours"),
        (None, {"YOUJU_LLM_COLOUR": "1"}, None, "YOUJU_LLM_COLOUR"),
        (None, {"YOUJU_": "1"}, None, "YOUJU_"),
        (None, None, {"llm.colour_depth": 1}, "--colour-depth"),
    ],
)
def test_an_unknown_key_is_named(
    tmp_path: Path, toml: str | None, environ: dict[str, str] | None, flags: dict[str, Any] | None, subject: str
) -> None:
    error = refusal(tmp_path, toml, environ, flags)
    assert error.subject.endswith(subject)
    assert "没有这个设置" in error.text("zh") and "no such setting" in error.text("en")
    assert "llm.base_url" in error.text() or "YOUJU_LLM_BASE_URL" in error.text()  # what there is instead


@pytest.mark.parametrize(
    ("toml", "environ", "flags", "subject"),
    [
        ('[server]\nport = "seven"', None, None, "youju.toml: [server] port"),
        ("index = 3", None, None, "youju.toml: index"),
        ('llm = "gpt"', None, None, "youju.toml: llm"),
        ("[index]\nfolder = 1", None, None, "youju.toml: index"),
        (None, {"YOUJU_SERVER_PORT": "70000"}, None, "YOUJU_SERVER_PORT"),
        (None, {"YOUJU_LLM_PROVIDER": "opnai"}, None, "YOUJU_LLM_PROVIDER"),
        (None, {"YOUJU_ANSWER_REFUSE_BELOW": "nan"}, None, "YOUJU_ANSWER_REFUSE_BELOW"),
        (None, None, {"retrieval.top_k": 0}, "--top-k"),
        # the last place that set it is the one to blame
        ("[server]\nport = 8001", {"YOUJU_SERVER_PORT": "-1"}, None, "YOUJU_SERVER_PORT"),
    ],
)
def test_a_wrong_value_is_named(
    tmp_path: Path, toml: str | None, environ: dict[str, str] | None, flags: dict[str, Any] | None, subject: str
) -> None:
    error = refusal(tmp_path, toml, environ, flags)
    assert error.subject.endswith(subject)
    assert "值不对" in error.text("zh") and "wrong value" in error.text("en")


def test_a_section_that_is_no_section_is_named_whatever_else_is_set(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'llm = "gpt"', {"YOUJU_LLM_MODEL": "m"}).subject.endswith("youju.toml: llm")


@pytest.mark.parametrize("content", [b"port = ", b"a = 1\na = 2", b'language = "\xff\xfe"'])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "youju.toml").write_bytes(content)
    assert refusal(tmp_path).subject == str(tmp_path / "youju.toml")


def test_settings_are_frozen() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.index = Path("x")
    with pytest.raises(ValidationError):
        settings.llm.model = "x"


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, None, {"YOUJU_LLM_API_KEY": SECRET})
    assert settings.llm.api_key.get_secret_value() == SECRET
    shown = [repr(settings), str(settings), f"{settings.llm}", settings.model_dump_json(), str(settings.model_dump())]
    assert not [text for text in shown if SECRET in text]


@pytest.mark.parametrize("toml", [f'[llm]\napi_key = ["{SECRET}"]', f'[llm]\napi_key = "{SECRET}"\ntemperature = 9'])
def test_the_key_is_not_in_an_error_either(tmp_path: Path, toml: str) -> None:
    error = refusal(tmp_path, toml)
    assert SECRET not in error.text("zh") + error.text("en") + repr(error)
    assert error.__cause__ is None and error.__suppress_context__


def test_names_are_all_there_is() -> None:
    found = names()
    dumped = Settings().model_dump()
    leaves = {
        f"{a}.{b}" if isinstance(v, dict) else a for a, v in dumped.items() for b in (v if isinstance(v, dict) else [0])
    }
    assert set(found) == leaves
    assert found["llm.base_url"] == "YOUJU_LLM_BASE_URL" and found["index"] == "YOUJU_INDEX"
    assert len(set(found.values())) == len(found)


def test_every_variable_reaches_its_setting(tmp_path: Path) -> None:
    """Each variable alone, with a value that is not its default, changes that setting and no other."""
    samples = {"llm.provider": "none", "language": "en", "llm.temperature": "0.7", "answer.refuse_below": "0.25"}
    samples |= {"llm.base_url": "http://127.0.0.1:9/v1"}
    flat = _flat(Settings())
    for name, variable in names().items():
        sample = samples.get(name, "77")
        changed = _flat(load(tmp_path, None, {variable: sample}))
        assert {key for key in flat if flat[key] != changed[key]} == {name}, variable


@pytest.mark.parametrize(
    ("llm", "kind"),
    [
        ({}, "embedded"),
        ({"YOUJU_LLM_BASE_URL": "http://127.0.0.1:9/v1"}, "openai"),
        ({"YOUJU_LLM_BASE_URL": "http://127.0.0.1:9/v1", "YOUJU_LLM_PROVIDER": "none"}, "none"),
        ({"YOUJU_LLM_PROVIDER": "openai"}, "openai"),
    ],
)
def test_the_language_model_that_is_meant(tmp_path: Path, llm: dict[str, str], kind: str) -> None:
    assert load(tmp_path, None, llm).llm.kind == kind


def test_where_models_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert Settings().cache_dir == tmp_path / "xdg" / "youju"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().cache_dir == tmp_path / ".cache" / "youju"
    assert load(tmp_path, 'cache = "~/models"').cache_dir == tmp_path / "models"
    assert not (tmp_path / ".cache").exists() and not (tmp_path / "models").exists()  # only named, not made


def _flat(settings: Settings) -> dict[str, object]:
    return {
        name: getattr(getattr(settings, name.partition(".")[0]), name.partition(".")[2])
        if "." in name
        else getattr(settings, name)
        for name in names()
    }
