"""What stands around the code: seeds, lock files, Makefile, pages that must say what the program does."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rag
from rag.origins import Box, PageRegion
from rag.settings import Settings, load_settings, names
from rag.types import (
    Answer,
    AnswerSentence,
    ArticleDate,
    Citation,
    Claim,
    Hit,
    Passage,
    Span,
    Timings,
    Verdict,
)
from rag.wire import answer_json

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, "CHANGELOG.md", "docs/design.md", "docs/dependencies.md", "docs/log.md", "docs/testing.md")
SEEDS = {
    "000_2a9a80530772cd84.txt": "dac2153c47b67d1825d9cd42551064476e130b9c1759d422fc44089ed7d6b0ee",
    "004_f8ec59bd59ec0566.txt": "dc1a55403bc9b12ca97100b5bbc8aa191a93723ad1c295f679d5791aa3a279e1",
}
# Seconds to import, or megabytes: none of it may stand in the way of `youju --help`.
HEAVY = ("torch", "sentence_transformers", "transformers", "gradio", "faiss", "tantivy", "xllamacpp", "langchain_core")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(line) for line in PROJECT["dependencies"]]
TOOLS = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project_files() -> list[Path]:
    """What git has or would take: all of the tree but what is ignored."""
    git = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(git, capture_output=True, check=True).stdout.decode().split("\0")
    return [path for name in listed if name and (path := ROOT / name).is_file()]


def python(code: str, *, cwd: Path = ROOT, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-c", code]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


# -- the tree -----------------------------------------------------------------------------------------------------------


def test_seeds_are_as_given() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").iterdir()}
    assert found == SEEDS


def test_nothing_names_a_machine_or_a_registry() -> None:
    """Paths of whoever built it and addresses that packages came from: true on one machine, wrong on the next (/home/me: made up)."""
    hosts = (
        "pypi.",
        "pypi-",
        "files.pythonhosted.",
        "pythonhosted.",
        "registry.npmjs.",
        "deb.debian.",
        "download.pytorch.",
    )
    host = "|".join(re.escape(name) for name in hosts)
    wrong = re.compile(
        rf"https?://[^\s\"']*(?:{host})|\b(?:{host})(?:org|com)\b|--(?:extra-)?index-url"
        r"|(?<![\w.~/])/(?:home/(?!me/)|root/|Users/|work/|opt/|mnt/)\w",
        re.IGNORECASE,
    )
    found = []
    for path in project_files():
        if path == Path(__file__).resolve() or path.parent.name == "seeds":
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in wrong.finditer(text)]
    assert found == []


def test_the_version_is_in_the_changelog() -> None:
    assert f"## [{rag.__version__}]" in read("CHANGELOG.md")


# -- dependencies -------------------------------------------------------------------------------------------------------


def locked(*files: str) -> dict[str, str]:
    """Canonical name → version."""
    found: dict[str, str] = {}
    for file in files:
        for line in read(file).splitlines():
            if line and not line.startswith(("#", "-r ")):
                name, equals, version = line.partition("==")
                assert equals and re.fullmatch(r"[\w.]+", version), f"{file}: {line}"
                assert name not in found, f"{file}: {name} twice"
                found[canonicalize_name(name)] = version
    return found


@pytest.mark.parametrize("requirement", DEPENDENCIES, ids=str)
def test_the_lock_has_every_dependency(requirement: Requirement) -> None:
    version = locked("requirements.lock")[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize("requirement", TOOLS, ids=str)
def test_the_tools_lock_has_every_tool(requirement: Requirement) -> None:
    version = locked("requirements.lock", "requirements-dev.lock")[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)
    assert "\n-r requirements.lock\n" in read("requirements-dev.lock")


def test_the_lock_is_for_every_kind_of_machine() -> None:
    """No build of torch for one kind of processor, none of the packages that only a graphics card wants."""
    assert [name for name in locked("requirements.lock") if name.startswith(("nvidia", "cuda", "triton"))] == []
    assert locked("requirements.lock")["torch"] == "2.13.0"


@pytest.mark.parametrize("requirement", [*DEPENDENCIES, *TOOLS], ids=lambda r: r.name)
def test_every_dependency_is_explained(requirement: Requirement) -> None:
    row = re.search(rf"^\| `{re.escape(requirement.name)}` \|(.*)\|$", read("docs/dependencies.md"), re.MULTILINE)
    assert row and all(cell.strip() for cell in row[1].split("|")[:2])  # its licence, and what it is for


def test_every_import_is_a_dependency() -> None:
    """What the code imports is locked and explained, also where it comes along with something else."""
    distributions = packages_distributions()
    lock, page = locked("requirements.lock"), read("docs/dependencies.md")
    missing = set()
    for path in [ROOT / "app.py", *(ROOT / "rag").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                imported = [node.module or ""]
            for top in {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"rag"}:
                owners = {canonicalize_name(name) for name in distributions.get(top, [top])}
                if not any(owner in lock and f"`{owner}`" in page for owner in owners):
                    missing.add(f"{path.relative_to(ROOT)}: {top}")
    assert missing == set()


# -- importing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "import rag",
        "import rag.types, rag.errors, rag.settings, rag.wire",
        "from rag.cli import main\ntry: main(['--help'])\nexcept SystemExit as end: assert not end.code",
        "from rag.cli import main\ntry: main(['index', '--help'])\nexcept SystemExit as end: assert not end.code",
    ],
    ids=["rag", "base", "help", "command-help"],
)
def test_help_is_quick(code: str) -> None:
    done = python(f"{code}\nimport sys\nsys.exit('heavy: ' + ' '.join(m for m in {HEAVY} if m in sys.modules) + '.')")
    assert done.stderr.strip() == "heavy: ."


def test_importing_does_nothing(tmp_path: Path) -> None:
    """Every module, with an empty home: no file or folder is made there, no address is looked up or called."""
    code = """
import pkgutil, sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        sys.exit(f"{event} {args}")
sys.addaudithook(watch)
import rag
for module in pkgutil.walk_packages(rag.__path__, "rag."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
print(len([name for name in sys.modules if name.startswith("rag.")]))
"""
    home = tmp_path / "home"
    home.mkdir()
    done = python(code, cwd=home, environ={"HOME": str(home), "PATH": "", "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
    assert [str(path.relative_to(home)) for path in home.rglob("*")] == []


# -- settings -----------------------------------------------------------------------------------------------------------


def test_the_example_has_every_setting_with_its_default(tmp_path: Path) -> None:
    """Uncommented line by line, it sets every setting there is, and changes none that has a default."""
    example = read("youju.example.toml")
    assert tomllib.loads(example) == {section: {} for section in tomllib.loads(example)}  # as it is: nothing set
    filled = re.sub(r"^#(?=\w+ = )", "", example, flags=re.MULTILINE)
    values = tomllib.loads(filled)
    given = {f"{k}.{sub}": v for k, s in values.items() if isinstance(s, dict) for sub, v in s.items()}
    given |= {key: value for key, value in values.items() if not isinstance(value, dict)}
    assert set(given) == set(names())
    (tmp_path / "youju.toml").write_text(filled, encoding="utf-8")
    loaded, default = load_settings(environ={}, folder=tmp_path), Settings()
    for name in names():
        section, _, key = name.rpartition(".")
        was = getattr(getattr(default, section) if section else default, key)
        now = getattr(getattr(loaded, section) if section else loaded, key)
        assert was is None or now == was, name


@pytest.mark.parametrize("page", READMES)
def test_the_table_of_settings_is_true(page: str) -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| `(YOUJU_\w+)` \| (.*?) \|", read(page), re.MULTILINE)
    assert {name: variable for name, variable, _ in rows} == names()
    for name, _, default in rows:
        section, _, key = name.rpartition(".")
        value = getattr(getattr(Settings(), section) if section else Settings(), key)
        if default.startswith("`") and default.endswith("`"):
            assert default.strip("`") == str(value), name
        else:  # words, or nothing, for what has no default to write down
            assert value is None or name == "llm.api_key" or value == "", name


# -- pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read(page))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_two_readmes_link_to_each_other() -> None:
    for page, other in (READMES, READMES[::-1]):
        assert f"]({other})" in "".join(read(page).splitlines(keepends=True)[:5])


@pytest.mark.parametrize("page", READMES)
def test_the_readme_names_real_commands(page: str) -> None:
    text = read(page)
    done = python("from rag.cli import main\nmain(['--help'])")
    known = set(re.findall(r"^[│|]?\s+([a-z]+)\s", done.stdout, re.MULTILINE))
    named = set(re.findall(r"youju ([a-z]+)\b", text))
    assert named >= {"index", "list", "show", "remove", "search", "ask", "chat", "serve", "eval", "models", "doctor"}
    assert named <= known
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets()


@pytest.mark.parametrize("page", READMES)
def test_the_python_in_the_readme_runs_up_to_the_index(page: str) -> None:
    """Every import in it is real, and every name it uses of ours is there."""
    for block in re.findall(r"```python\n(.*?)```", read(page), re.DOTALL):
        imports = "\n".join(line for line in block.splitlines() if line.startswith(("from ", "import ")))
        space: dict[str, Any] = {}
        exec(compile(imports, page, "exec"), space)
        compile(block, page, "exec")
        for attribute in re.findall(r"\byouju\.(\w+)", block):
            assert hasattr(space["Youju"], attribute)
        for attribute in re.findall(r"(?<!\.)\banswer\.(\w+)", block):
            assert attribute in Answer.__dataclass_fields__
        for attribute in re.findall(r"\bcitation\.(\w+)", block):
            assert attribute in Citation.__dataclass_fields__


@pytest.mark.parametrize("page", READMES)
def test_the_json_in_the_readme_is_the_json_there_is(page: str) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", read(page), re.DOTALL)
    assert shape(json.loads(block)) == shape(answer_json(an_answer()))


def shape(value: Any) -> Any:
    """Keys and kinds, without the values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def an_answer() -> Answer:
    """One of everything."""
    day = ArticleDate(date(2024, 2, 1), "month", "文中")
    passage = Passage("d:0", "d", 0, 0, 2, "原句", "题", "", (Span(0, 2),), (Span(0, 2),))
    hit = Hit(passage, "a.txt", "题", day, 1.0, 0.9, 1, 20.0, 1, worded=0.8, timely=1.0)
    citation = Citation(
        1,
        "d",
        "a.txt",
        "题",
        day,
        0,
        2,
        "原句",
        Span(0, 3),
        Verdict.SUPPORTED,
        (PageRegion(1, Box(7.0, 8.0, 9.0, 10.0)),),
        "第1页",
    )
    claim = Claim("number", "1", "1", Verdict.SUPPORTED)
    sentence = AnswerSentence("原句", (1,), Verdict.SUPPORTED, (claim,))
    return Answer("问", "问", "原句[1]", False, (citation,), (sentence,), (hit,), Timings(0.1, 0.2, 0.3), "m")


# -- Makefile -----------------------------------------------------------------------------------------------------------

make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def targets() -> set[str]:
    (line,) = re.findall(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)
    return set(line.split())


def run_make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # not the options of a make that runs these tests
    environ = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder in which ``make`` believes all is installed."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", ".installed", ".installed-dev"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


@make
def test_help_lists_every_target() -> None:
    done = run_make(ROOT)
    listed = set(re.findall(r"make ([a-z]+)\t", done.stdout))
    assert done.returncode == 0 and listed == targets() - {"models", "quick"}


@make
@pytest.mark.parametrize("target", ["run", "setup", "check", "test", "eval"])
def test_a_second_time_installs_nothing(installed: Path, target: str) -> None:
    again = run_make(installed, "--dry-run", target)
    assert again.returncode == 0 and "pip" not in again.stdout
    (installed / "requirements.lock").write_text("numpy==1\n", encoding="utf-8")
    changed = run_make(installed, "--dry-run", target)
    assert "pip" in changed.stdout and "-r requirements.lock" in changed.stdout


@make
@pytest.mark.parametrize("name", ["old", "gone"])
def test_too_old_a_python_is_one_line(installed: Path, name: str) -> None:
    shutil.rmtree(installed / ".venv")
    old = installed / "old"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # to every question, also whether it is 3.11
    old.chmod(0o755)
    done = run_make(installed, "setup", f"PYTHON=./{name}")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode and len(said) == 1 and "3.11" in said[0]
    assert not (installed / ".venv").exists()


@make
def test_a_failed_install_is_no_install(installed: Path) -> None:
    """pip stands at the head of a pipe, where its exit status would be lost."""
    (installed / ".venv" / ".installed").unlink()
    pip = installed / ".venv" / "bin" / "python"
    pip.write_text("#!/bin/sh\necho 'ERROR: no network'\nexit 1\n", encoding="utf-8")
    pip.chmod(0o755)
    done = run_make(installed, "setup")
    assert done.returncode and "ERROR: no network" in done.stderr
    assert not (installed / ".venv" / ".installed").exists()
