"""The one reader of environment and configuration file, and the one writer of the latter.

Defaults < ``youju.toml`` < environment ``YOUJU_*`` < command-line flags. A setting ``section.key`` is
``[section] key = …`` in the file and ``YOUJU_SECTION_KEY`` in the environment; ``index`` is ``YOUJU_INDEX``.
An unknown key or a wrong value raises SettingsError with the place it stands in.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from rag.errors import SettingsError

CONFIG_NAME = "youju.toml"
PREFIX = "YOUJU_"
FLAGS = {"llm.provider": "--llm"}  # where a flag is not called as its setting
CONFIG_VARIABLE = "YOUJU_CONFIG"  # names another configuration file; no setting itself


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EmbeddingSettings(Section):
    model: str = "embedded"  # or any sentence-transformers name or folder
    query_prompt: str | None = None  # put before a question; None: the model's own
    passage_prompt: str | None = None  # put before a window; None: the model's own
    batch_size: int = Field(default=16, ge=1)


class LLMSettings(Section):
    provider: Literal["auto", "embedded", "openai", "none"] = "auto"  # auto: openai where base_url is set
    base_url: str = ""  # of an OpenAI-compatible endpoint
    model: str = ""  # its name there; for the embedded one: a path of a .gguf file, or "" for the default
    api_key: SecretStr = SecretStr("")
    temperature: float = Field(default=0.0, ge=0, le=2)
    max_tokens: int = Field(default=320, ge=16)  # of one answer
    evidence_tokens: int = Field(default=320, ge=64)  # of the quotations in one prompt
    timeout_s: float = Field(default=120, gt=0)
    threads: int = Field(default=0, ge=0)  # of the embedded model; 0: one a core

    @property
    def kind(self) -> Literal["embedded", "openai", "none"]:
        if self.provider == "auto":
            return "openai" if self.base_url else "embedded"
        return self.provider


class RetrievalSettings(Section):
    top_k: int = Field(default=8, ge=1)  # passages shown
    candidates: int = Field(
        default=30, ge=1
    )  # passages that each half brings to the fusion; 50 find no more (docs/log.md)
    reranker: str = ""  # a CrossEncoder of sentence-transformers, by name or folder; "": none


class AnswerSettings(Section):
    refuse_below: float = Field(default=0.2, ge=0, le=1)  # estimated probability that the evidence answers


class ServerSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)


class Settings(Section):
    """Every setting there is. Frozen; ``load_settings`` makes one."""

    index: Path = Path("index")
    cache: Path | None = None  # folder of fetched models; None: the user's cache folder
    language: Literal["zh", "en"] = "zh"  # of messages and the window
    embedding: EmbeddingSettings = EmbeddingSettings()
    llm: LLMSettings = LLMSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    server: ServerSettings = ServerSettings()

    @property
    def cache_dir(self) -> Path:
        """Where models are kept: ``cache``, else ``$XDG_CACHE_HOME/youju``, else ``~/.cache/youju``."""
        if self.cache is not None:
            return self.cache.expanduser()
        base = os.environ.get("XDG_CACHE_HOME")
        return (Path(base) if base else Path.home() / ".cache") / "youju"


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Settings from all four places.

    ``flags`` maps dotted names to values (``{"llm.provider": "none"}``); None values are flags not given.
    ``environ`` defaults to the process's, ``folder`` (where ``youju.toml`` is looked for) to the current one.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    path = config_path(environ=environ, folder=folder)
    if environ.get(CONFIG_VARIABLE) or path.is_file():
        _merge_file(path, values, origin)
    _merge_environment(environ, values, origin)
    for name, value in (flags or {}).items():
        if value is not None:
            _put(values, origin, name, value, FLAGS.get(name, "--" + name.rpartition(".")[2].replace("_", "-")))
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _explain(error, origin) from None


def config_path(*, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Path:
    """The configuration file that ``load_settings`` reads, whether it is there or not."""
    named = (os.environ if environ is None else environ).get(CONFIG_VARIABLE)
    return Path(named) if named else (folder or Path.cwd()) / CONFIG_NAME


def with_changes(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """``settings`` with other values, by dotted names. Raises SettingsError where one is wrong."""
    values = settings.model_dump()
    for name, value in changes.items():
        _put(values, {}, name, value, name)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _explain(error, {}) from None


def names() -> dict[str, str]:
    """Dotted name → name of its environment variable, for every setting."""
    found: dict[str, str] = {}
    for key, info in Settings.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, Section):
            found |= {f"{key}.{sub}": f"{PREFIX}{key}_{sub}".upper() for sub in section.model_fields}
        else:
            found[key] = f"{PREFIX}{key}".upper()
    return found


def _put(values: dict[str, Any], origin: dict[str, str], name: str, value: Any, source: str) -> None:
    section, _, key = name.rpartition(".")
    place = values.setdefault(section, {}) if section else values
    if isinstance(place, dict):  # else the file gives the section a plain value: validation names that
        place[key] = value
        origin[name] = source


def _merge_file(path: Path, values: dict[str, Any], origin: dict[str, str]) -> None:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            (f"读不了配置文件（{error.strerror}）", f"cannot read the configuration file ({error.strerror})"),
            subject=str(path),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError((f"不是合法的 TOML：{error}", f"not valid TOML: {error}"), subject=str(path)) from None
    known = names()
    sections = {name.partition(".")[0] for name in known if "." in name}
    for key, value in read.items():
        if key in sections and isinstance(value, dict):
            for sub, inner in value.items():
                _put(values, origin, f"{key}.{sub}", inner, f"{path}: [{key}] {sub}")
        else:
            _put(values, origin, key, value, f"{path}: {key}")


def _merge_environment(environ: Mapping[str, str], values: dict[str, Any], origin: dict[str, str]) -> None:
    by_variable = {variable: name for name, variable in names().items()}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        name = by_variable.get(variable)
        if name is None:
            raise SettingsError(
                ("没有这个设置", "there is no such setting"),
                subject=variable,
                advice=(f"可用的有：{'、'.join(sorted(by_variable))}", f"Known: {', '.join(sorted(by_variable))}"),
            )
        _put(values, origin, name, value, variable)


def _explain(error: ValidationError, origin: Mapping[str, str]) -> SettingsError:
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    subject = origin.get(name, name)
    if first["type"] == "extra_forbidden":
        known = sorted(names())
        return SettingsError(
            ("没有这个设置", "there is no such setting"),
            subject=subject,
            advice=(f"可用的有：{'、'.join(known)}", f"Known: {', '.join(known)}"),
        )
    return SettingsError((f"值不对（{first['msg']}）", f"wrong value ({first['msg']})"), subject=subject)


# -- writing ----------------------------------------------------------------------------------------------------------

_PLAIN_VALUE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\'[^\']*\'|[^#"\']*?)(\s*#.*)?$')  # and the comment after it


def save_settings(changes: Mapping[str, Any], path: Path) -> None:
    """Write values (text, numbers, true and false) by dotted names into the configuration file; all else in it stays.

    The file is replaced whole or not at all, and is for its owner alone once it holds a key. Raises SettingsError: a
    value is wrong, or the file cannot be read, understood or written.
    """
    path = path.resolve()
    text = ""
    if path.is_file():
        _merge_file(path, {}, {})  # says what is wrong with it
        text = path.read_text(encoding="utf-8")
    values = tomllib.loads(text)
    with_changes(Settings(), changes)
    for name, value in changes.items():
        section, _, key = name.rpartition(".")
        text = _with_line(text, section, key, json.dumps(value, ensure_ascii=False))
        _put(values, {}, name, value, name)
    try:
        sound = tomllib.loads(text) == values
    except tomllib.TOMLDecodeError:
        sound = False
    if not sound:
        raise SettingsError(
            ("这个文件的写法特殊，没有改动它", "this file is written in a way that is left alone"),
            subject=str(path),
            advice=(f"请自己写上：{'、'.join(changes)}", f"Set them yourself: {', '.join(changes)}"),
        )
    secret = bool(values.get("llm", {}).get("api_key"))
    try:
        _replace(path, text, 0o600 if secret else None)
    except OSError as error:
        raise SettingsError(
            (f"写不了配置文件（{error.strerror}）", f"cannot write the configuration file ({error.strerror})"),
            subject=str(path),
        ) from None


def _with_line(text: str, section: str, key: str, value: str) -> str:
    """``text`` with ``key = value`` in its section: in place of the line that says it, else after one that offers it."""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[", line)]
    first = 0
    if section:
        own = [n for n in heads if re.match(rf"\s*\[\s*{section}\s*\]\s*(?:#|$)", lines[n])]
        if not own:
            return "\n".join([*lines, *([""] if lines else []), f"[{section}]", f"{key} = {value}", ""])
        first = own[0] + 1
    last = next((n for n in heads if n >= first), len(lines))
    for pattern, step in ((rf"\s*{key}\s*=\s*", 1), (rf"\s*#\s*{key}\s*=", 0)):
        for n in range(first, last):
            match = re.match(pattern, lines[n])
            if match:
                kept = _PLAIN_VALUE.match(lines[n], match.end()) if step else None
                line = f"{key} = {value}{(kept[1] or '') if kept else ''}"
                lines[n : n + 1] = [line] if step else [lines[n], line]
                return "\n".join(lines) + "\n"
    lines.insert(first, f"{key} = {value}")
    return "\n".join(lines) + "\n"


def _replace(path: Path, text: str, mode: int | None) -> None:
    """Write a whole file or nothing. ``mode`` None: as it was, or as new files are."""
    if mode is None:
        mask = os.umask(0o022)
        os.umask(mask)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for its owner alone
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
