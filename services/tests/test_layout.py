"""The rules of the house that no linter knows: which rooms exist, what a slice is made of and tested for.

Each rule is a function from a checkout to a list of sentences, empty when all is well; each is shown here to
catch a planted mistake. CONTRIBUTING.md tells the rules; an escape is a comment that carries its reason.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dfworx.cli.services import SERVICES
from dfworx.shared.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]

TOP = {
    "docs",
    "services",
    "infrastructure",
    "convex",
    "examples",
    "packages",
    "apps",
    "node_modules",
    "build",
}
PACKAGES = {"api", "ui"}
ROOMS = {"shared", "cli", "worker", "realtime", *(service.name for service in SERVICES)}
SHARED = {
    *(
        "settings",
        "db",
        "context",
        "tokens",
        "caller",
        "errors",
        "pages",
        "cache",
        "outbox",
        "datasets",
        "serve",
        "sessions",
        "storage",
    ),
    *("byte_ranges", "organization_settings", "database_gen", "__init__"),
}
SLICE = {"__init__", "routes", "schemas", "queries", "actions"}
LONGEST = 400
SOURCE = {".py", ".sql", ".sh", ".ts", ".tsx", ".js", ".mjs", ".css"}
NOT_OURS = {"node_modules", "__pycache__", "_generated", "dist"}
VAGUE = {"utils", "util", "common", "core", "helpers", "helper", "base", "kit", "misc"}
VAGUE_ENDING = re.compile(r"\w(_?service|_?manager|_?repository|_?impl|_?dto|_?interface)$", re.IGNORECASE)
SYNONYMS = {"team", "teams", "tenant", "tenants", "workspace", "workspaces"}
ALLOWED = {"dfworx_tenant"}
SERVES = re.compile(r"services/dfworx/(?!shared/|cli/)")
READS_ENVIRONMENT = re.compile(r"services/dfworx/(cli/.*|shared/settings\.py)")

# What a slice's tests must show, and the words in a test's name that show it.
PROOFS = {
    "stranger": re.compile(r"stranger"),
    "wrong organization": re.compile(r"(another|other|wrong)_organization"),
    "bad input": re.compile(r"bad_|invalid|malformed|refuse|too_long|too_short"),
}


def files(root: Path, *suffixes: str) -> Iterator[tuple[str, str]]:
    """Path below the checkout and text of each hand-written source file."""
    for folder in (
        "services/dfworx",
        "services/tests",
        "infrastructure",
        "convex",
        "examples",
        "packages",
        "apps",
    ):
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.suffix not in (suffixes or SOURCE) or not path.is_file():
                continue
            if NOT_OURS & set(inside.parts) or any(part.startswith(".") for part in inside.parts):
                continue
            if not path.name.endswith((".gen.ts", "_gen.py")):
                yield inside.as_posix(), path.read_text(encoding="utf-8")


def nodes(root: Path, *kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Where it stands (path:line) and the node, unless its line excuses itself: `# layout: reason`."""
    for path, text in files(root, ".py"):
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text, filename=path)):
            if isinstance(node, kinds):
                line = getattr(node, "lineno", 1)
                if "# layout: " not in lines[line - 1]:
                    yield f"{path}:{line}", node


def folders(root: Path) -> set[str]:
    if not root.is_dir():
        return set()
    names = {path.name for path in root.iterdir() if path.is_dir()}
    return {name for name in names - NOT_OURS if not name.startswith(".")}


def slices(root: Path) -> list[Path]:
    """Folders of the REST services; the other rooms are cut differently."""
    rooms = (root / "services/dfworx" / service.name for service in SERVICES)
    return [room / name for room in rooms for name in sorted(folders(room))]


def rooms_are_those_of_the_design(root: Path) -> list[str]:
    found = [f"{name}: no folder of the design" for name in folders(root) - TOP]
    found += [f"packages/{name}: no package of the design" for name in folders(root / "packages") - PACKAGES]
    found += [f"services/dfworx/{name}: no room" for name in folders(root / "services/dfworx") - ROOMS]
    known = ROOMS | {"convex", "flows", "walls"}
    found += [f"services/tests/{name}: mirrors no room" for name in folders(root / "services/tests") - known]
    modules = {path.stem for path in (root / "services/dfworx/shared").glob("*")} - NOT_OURS
    return found + [f"shared/{name}: not on the closed list" for name in modules - SHARED]


def files_are_short(root: Path) -> list[str]:
    lengths = {path: len(text.splitlines()) for path, text in files(root)}
    return [
        f"{path}: {length} lines, at most {LONGEST}" for path, length in lengths.items() if length > LONGEST
    ]


def names_say_something(root: Path) -> list[str]:
    found = []
    for path, _ in files(root):
        for name in (part.split(".")[0] for part in Path(path).parts):
            if name in VAGUE or VAGUE_ENDING.search(name):
                found.append(f"{path}: {name} says nothing about what is inside")
    for where, node in nodes(root, ast.ClassDef):
        assert isinstance(node, ast.ClassDef)
        if VAGUE_ENDING.search(node.name) or re.match(r"_?(Base|Abstract)[A-Z]", node.name):
            found.append(f"{where}: {node.name} is named after its kind, not its thing")
    return found


def slices_have_four_files(root: Path) -> list[str]:
    found = []
    for folder in slices(root):
        for extra in sorted({path.stem for path in folder.iterdir()} - SLICE - NOT_OURS):
            found.append(f"{folder.relative_to(root)}/{extra}: a slice has {', '.join(sorted(SLICE))}")
    return found


def slices_are_proven(root: Path) -> list[str]:
    found = []
    for folder in slices(root):
        if not (folder / "routes.py").exists():
            continue
        room = root / "services/tests" / folder.parent.name
        own = [*room.glob(f"test_{folder.name}.py"), *room.glob(f"test_{folder.name}_*.py")]
        texts = [path.read_text(encoding="utf-8") for path in own]
        names = re.findall(r"^\s*(?:async )?def (test_\w+)", "\n".join(texts), re.MULTILINE)
        where = f"services/tests/{folder.parent.name}/test_{folder.name}.py"
        for proof, words in PROOFS.items():
            excused = any(re.search(rf"^# layout: no {proof} - \w+", text, re.MULTILINE) for text in texts)
            if not excused and not any(words.search(name) for name in names):
                found.append(f"{where}: no test of {proof}; its name has {words.pattern}")
        if all(any(words.search(name) for words in PROOFS.values()) for name in names):
            found.append(f"{where}: no test of the happy path")
    return found


def one_word_for_organization(root: Path) -> list[str]:
    found = []
    for path, text in files(root, ".py", ".sql", ".ts", ".tsx"):
        for line, name in identifiers(path, text):
            words = set(re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_"))
            if words & SYNONYMS and name not in ALLOWED:
                found.append(f"{path}:{line}: {name}; the word is organization")
    return found


def identifiers(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Names in code; what comments and strings say is nobody's business here."""
    if path.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                yield token.start[0], token.string
        return
    comment = r"--[^\n]*" if path.endswith(".sql") else r"//[^\n]*|\"[^\"\n]*\"|`[^`]*`"
    blank = re.compile(rf"{comment}|/\*.*?\*/|'[^'\n]*'", re.DOTALL)
    code = blank.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    for match in re.finditer(r"[A-Za-z_]\w*", code):
        yield code.count("\n", 0, match.start()) + 1, match.group()


def http_errors_come_from_the_tree(root: Path) -> list[str]:
    found = []
    for where, node in nodes(root, ast.Name, ast.Attribute, ast.alias):
        name = getattr(node, "id", getattr(node, "attr", getattr(node, "name", "")))
        if name == "HTTPException" and SERVES.match(where):
            found.append(f"{where}: HTTPException; raise an error of shared/errors.py")
    return found


def environment_is_read_in_one_place(root: Path) -> list[str]:
    found = []
    for where, node in nodes(root, ast.Attribute, ast.alias):
        name = getattr(node, "attr", getattr(node, "name", ""))
        inside = where.startswith("services/dfworx/") and not READS_ENVIRONMENT.match(where)
        if inside and name in {"environ", "getenv", "environb"}:
            found.append(f"{where}: os.{name}; take what you need from Settings")
    return found


def nothing_sleeps_in_tests(root: Path) -> list[str]:
    found = []
    for where, node in nodes(root, ast.Call):
        assert isinstance(node, ast.Call)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        gives_way = len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
        if where.startswith("services/tests/") and name == "sleep" and not gives_way:
            found.append(f"{where}: sleep; wait for the thing itself")
    return found


def migrations_are_numbered(root: Path) -> list[str]:
    names = sorted(path.name for path in (root / "infrastructure/supabase/migrations").glob("*"))
    found = [
        f"{name}: a migration is called 001_words.sql" for name in names if not MIGRATION.fullmatch(name)
    ]
    for expected, name in enumerate((name for name in names if MIGRATION.fullmatch(name)), start=1):
        if int(name[:3]) != expected:
            return [*found, f"{name}: {expected:03} comes next"]
    return found


MIGRATION = re.compile(r"\d{3}_[a-z][a-z0-9_]*\.sql")


def settings_are_told(root: Path) -> list[str]:
    """Every variable of the settings class is in .env.example, and nothing there is unknown to the code."""
    told = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", (root / ".env.example").read_text(), re.MULTILINE))
    aliases = {str(field.validation_alias or name) for name, field in Settings.model_fields.items()}
    code = "\n".join(text for path, text in files(root, ".py") if path.startswith("services/dfworx/"))
    code += (root / "dfworx").read_text() if (root / "dfworx").exists() else ""
    found = [f".env.example lacks {name}" for name in sorted(aliases - told)]
    return found + [
        f".env.example has {name}, which nothing reads" for name in sorted(told) if name not in code
    ]


Rule = Callable[[Path], list[str]]

PLANTED: dict[Rule, tuple[str, str]] = {
    rooms_are_those_of_the_design: ("services/dfworx/billing/__init__.py", ""),
    files_are_short: ("packages/ui/src/long.ts", "//\n" * (LONGEST + 1)),
    names_say_something: ("services/dfworx/web/utils.py", ""),
    slices_have_four_files: ("services/dfworx/web/posts/service.py", ""),
    slices_are_proven: ("services/dfworx/web/posts/routes.py", ""),
    one_word_for_organization: (
        "infrastructure/supabase/migrations/001_a.sql",
        "create table public.teams ();",
    ),
    http_errors_come_from_the_tree: ("services/dfworx/web/app.py", "from fastapi import HTTPException"),
    environment_is_read_in_one_place: ("services/dfworx/web/app.py", "import os\nos.environ['A']"),
    nothing_sleeps_in_tests: ("services/tests/web/test_posts.py", "import time\ntime.sleep(1)"),
    migrations_are_numbered: ("infrastructure/supabase/migrations/002_late.sql", ""),
    settings_are_told: (".env.example", "NOBODY_READS_THIS=1\n"),
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_house_is_in_order(rule: Rule) -> None:
    assert rule(CHECKOUT) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_a_planted_mistake_is_found(rule: Rule, tmp_path: Path) -> None:
    path, text = PLANTED[rule]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    assert rule(tmp_path) != []


def test_a_line_may_excuse_itself_with_a_reason(tmp_path: Path) -> None:
    place = tmp_path / "services/tests/web/test_posts.py"
    place.parent.mkdir(parents=True)
    place.write_text("import time\ntime.sleep(1)  # layout: the clock itself is under test")
    assert nothing_sleeps_in_tests(tmp_path) == []
