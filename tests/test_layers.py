"""Modules import only from levels left of their own (docs/design.md). Imports are read from the source, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

LEVELS = (
    ("__init__", "types", "rows", "origins", "times", "errors", "progress", "settings"),
    ("ingest",),
    ("models",),
    ("store",),
    ("answer",),
    ("asking", "indexing", "reembedding"),
    ("pipeline",),
    ("wire",),  # answers as JSON, for every edge
    ("cli", "ui", "evaluate", "api"),
)
LEVEL = {part: level for level, parts in enumerate(LEVELS) for part in parts}
EDGES = LEVELS[-1]
# Left of it, and still not its business: how text was read is nothing to models and stores, nor a model to a store.
STRANGERS = {"models": {"ingest"}, "store": {"ingest", "models"}}


class Import(NamedTuple):
    module: str  # that imports
    target: str  # that is imported: the longest dotted name that is a module of the tree
    name: str  # imported from it; "" for the module as a whole
    line: int


def modules(root: Path, package: str = "rag") -> dict[str, Path]:
    """Dotted name → file, for every module of the package; a package goes by its own name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path, package: str = "rag") -> Iterator[Import]:
    """Every import of the package's own modules, also relative, in functions, for types only or by name in a string."""
    tree = modules(root, package)
    for module, path in tree.items():
        is_package = path.name == "__init__.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            for base, name in _named(node, module, is_package):
                if base.partition(".")[0] != package:
                    continue
                whole = f"{base}.{name}" if name else base
                target = whole
                while target not in tree and "." in target:
                    target = target.rpartition(".")[0]
                yield Import(module, target, whole[len(target) + 1 :], node.lineno)  # type: ignore[attr-defined]


def _named(node: ast.AST, module: str, is_package: bool) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=names):
            yield from ((alias.name, "") for alias in names)
        case ast.ImportFrom(module=base, names=names, level=level):
            if level:
                parts = module.split(".")
                kept = parts[: len(parts) - level + is_package]
                base = ".".join([*kept, base] if base else kept)
            yield from ((base or "", alias.name) for alias in names)
        case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"), args=[first, *_]):
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and not first.value.startswith("."):
                yield first.value, ""


def faults(root: Path, package: str = "rag") -> list[str]:
    """What breaks the rule, a line each."""
    found = [f"{module} has no level" for module in modules(root, package) if _part(module) not in LEVEL]
    for item in imports(root, package):
        own, other = _part(item.module), _part(item.target)
        where = f"{item.module}:{item.line} imports {item.target}"
        if own == other or own not in LEVEL or other not in LEVEL:
            continue
        if own in EDGES and other in EDGES:
            if item.target.count(".") > 1 or item.name.startswith("_"):
                found.append(f"{where}: the inside of another edge")
        elif LEVEL[other] > LEVEL[own]:
            found.append(f"{where}: a level above its own")
        elif other in STRANGERS.get(own, ()):
            found.append(f"{where}: {own} knows nothing of {other}")
    return found


def _part(module: str) -> str:
    """``rag.store.library`` → ``store``; the package itself → ``__init__``."""
    return [*module.split("."), "__init__"][1]


def plant(root: Path, files: dict[str, str]) -> Path:
    """A small package ``rag`` with one module a level, and ``files`` over it."""
    plain = ["__init__", "types", "errors", "settings", "ingest/__init__", "ingest/split", "models/__init__"]
    plain += ["models/embedder", "store/__init__", "store/library", "answer/__init__", "answer/cite", "pipeline"]
    plain += ["wire", "cli", "ui/__init__", "ui/window", "evaluate/__init__", "evaluate/run"]
    for name in [*plain, *files]:
        path = root / "rag" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files.get(name, ""), encoding="utf-8")
    return root


def test_the_program_keeps_its_levels() -> None:
    assert faults(ROOT) == []


def test_the_imports_are_really_read() -> None:
    """The rule above would hold of anything if no import were seen."""
    seen = {(item.module, item.target) for item in imports(ROOT)}
    assert ("rag.settings", "rag.errors") in seen
    assert ("rag.pipeline", "rag.settings") in seen


@pytest.mark.parametrize(
    ("file", "source", "said"),
    [
        ("types", "import rag.errors, rag.pipeline", "rag.types:1 imports rag.pipeline: a level above"),
        ("ingest/split", "from rag.models.embedder import Embedder", "imports rag.models.embedder: a level above"),
        ("ingest/split", "from rag import models", "imports rag.models: a level above"),
        ("ingest/split", "from .. import store", "imports rag.store: a level above"),
        ("ingest/__init__", "from ..store import library", "rag.ingest:1 imports rag.store.library: a level above"),
        ("answer/cite", "from ..pipeline import Youju", "imports rag.pipeline: a level above"),
        ("answer/cite", "def f():\n    from rag.ui.window import build", "rag.answer.cite:2 imports rag.ui.window"),
        (
            "store/library",
            "if TYPE_CHECKING:\n    import rag.answer.cite as c",
            "imports rag.answer.cite: a level above",
        ),
        ("store/library", 'importlib.import_module("rag.cli")', "imports rag.cli: a level above"),
        ("pipeline", '__import__("rag.wire")', "imports rag.wire: a level above"),
        ("store/library", "from rag.ingest.split import split", "store knows nothing of ingest"),
        ("store/library", "from rag.models import embedder", "store knows nothing of models"),
        ("models/embedder", "import rag.ingest", "models knows nothing of ingest"),
        ("__init__", "from rag.pipeline import Youju", "rag:1 imports rag.pipeline: a level above"),
        ("cli", "from rag.ui.window import build", "the inside of another edge"),
        ("cli", "from rag.ui import window", "the inside of another edge"),
        ("cli", "def serve():\n    from rag.ui import _build", "the inside of another edge"),
        ("evaluate/run", "from ..ui import window", "the inside of another edge"),
        ("helpers", "", "rag.helpers has no level"),
    ],
)
def test_a_step_back_is_named(tmp_path: Path, file: str, source: str, said: str) -> None:
    found = faults(plant(tmp_path, {file: source}))
    assert len(found) == 1 and said in found[0], found


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("answer/cite", "from rag.ingest.split import sentences\nfrom ..models.embedder import Embedder"),
        ("pipeline", "from rag.answer import cite\nfrom rag.store.library import Library"),
        ("models/embedder", "from rag.errors import ModelError\nfrom . import llm\nimport os, ragged"),
        ("ui/window", "from rag.pipeline import Youju\nfrom rag.ui.render import mark\nfrom . import texts"),
        ("cli", "from rag import __version__\nfrom rag.ui import serve\nfrom rag.evaluate import run_evaluation"),
    ],
)
def test_steps_forward_are_free(tmp_path: Path, file: str, source: str) -> None:
    assert faults(plant(tmp_path, {file: source})) == []


# Within rag.answer: a room imports only from itself and from those left of it; the modules at its root from all.
ROOMS = ("text", "when", "question", "find", "claims", "conflict")


def test_the_rooms_of_answer_are_in_order() -> None:
    backwards = []
    for found in imports(ROOT):
        here, there = found.module.split("."), found.target.split(".")
        if here[:2] != ["rag", "answer"] or there[:2] != ["rag", "answer"] or len(here) < 3 or here[2] not in ROOMS:
            continue
        inside = len(there) > 2 and there[2] in ROOMS and ROOMS.index(there[2]) <= ROOMS.index(here[2])
        if not inside and there != ["rag", "answer"]:
            backwards.append(found)
    assert not backwards
