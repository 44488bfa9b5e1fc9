"""A folder of Convex functions as one piece of JavaScript, by esbuild. Which files are functions is Convex's own rule:
whatever doesn't begin with a dot or an underscore, has no second dot in its name, and isn't one of the named files."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMED = {"schema": "schema", "auth.config": "auth", "http": "http", "crons": "crons"}
NOT_FUNCTIONS = {"schema", "auth.config", "convex.config", "crons", "http"}
SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mjs")
_CONFIGS = ("convex.config.ts", "convex.config.js")
_USES_NODE = re.compile(
    r"""\A(?:\s|//[^\n]*+|(?>/\*.*?\*/)|(["'])use (?!node\1)\w+\1;?)*+(["'])use node\2""", re.DOTALL
)
"""Convex's own sign that a module is for Node, as a directive before all else."""
FILENAME = "convex.js"
"""What frames of errors call the bundle, where no source map says better."""
_MOST_SECONDS = 60
_PROGRAM = Path(__file__).with_name("bundle.mjs")


class BadFunctions(Exception):
    """The folder can't be bundled; the message is esbuild's, or says what is missing."""


@dataclass(frozen=True, slots=True)
class Bundle:
    code: str
    """Leaves its modules in `__modules`; the source map stands at its end."""
    folder: Path
    node_code: str | None = None
    """Of the modules that say "use node", likewise, as a module of Node's; None: there are none."""


def bundle(folder: Path, node: Path, packages: Path) -> Bundle:
    """`packages` is the node_modules that has esbuild. Raises BadFunctions."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise BadFunctions(f"There is no folder {folder}; name the one that your Convex functions are in.")
    functions, named = find_modules(folder)
    if not functions:
        raise BadFunctions(f"{folder} has no functions: put a file such as messages.ts there.")
    for_node = {name: path for name, path in functions.items() if _uses_node(folder / path)}
    for path in named.values():
        if _uses_node(folder / path):
            raise BadFunctions(
                f'"use node" isn\'t for {path}: put actions that need Node into a file of their own.'
            )
    rest = {name: path for name, path in functions.items() if name not in for_node}
    imports, modules = _import(rest)
    imports += [f"import {name} from {json.dumps('./' + path)};" for name, path in named.items()]
    told = {
        "packages": str(packages),
        "folder": str(folder),
        "entry": "\n".join(
            [*imports, f"globalThis.__modules = {{ functions: {modules}, {', '.join(named)} }};"]
        ),
        "nodeEntry": None,
        "config": next((name for name in _CONFIGS if (folder / name).is_file()), None),
    }
    if for_node:
        imports, modules = _import(for_node)
        told["nodeEntry"] = "\n".join([*imports, f"export const functions = {modules};"])
    done = subprocess.run(
        [str(node), str(_PROGRAM)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=_MOST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise BadFunctions(done.stderr.strip())
    made = json.loads(done.stdout)
    return Bundle(made["code"], folder, made.get("node"))


def _import(modules: dict[str, str]) -> tuple[list[str], str]:
    """Lines that import them, and an object of all of them by their names."""
    lines = [f"import * as f{n} from {json.dumps('./' + path)};" for n, path in enumerate(modules.values())]
    return lines, f"{{ {', '.join(f'{json.dumps(name)}: f{n}' for n, name in enumerate(modules))} }}"


def _uses_node(path: Path) -> bool:
    return bool(_USES_NODE.match(path.read_text(encoding="utf-8", errors="replace")))


def find_modules(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Modules of functions, and the named ones, each with its path below the folder. Raises BadFunctions."""
    functions: dict[str, str] = {}
    named: dict[str, str] = {}
    for path in _files(folder):
        inside = path.relative_to(folder)
        module = inside.with_suffix("").as_posix()
        if other := functions.get(module) or named.get(NAMED.get(module, "")):
            raise BadFunctions(
                f"{other} and {inside.as_posix()} are both the module {module}; keep one of them."
            )
        if module in NAMED:
            named[NAMED[module]] = inside.as_posix()
        elif module not in NOT_FUNCTIONS and "." not in inside.with_suffix("").name:
            functions[module] = inside.as_posix()
    return functions, named


def _files(folder: Path) -> Iterator[Path]:
    """In the order of their names; a folder below that defines a component is no part of this one."""
    for path in sorted(folder.iterdir()):
        if path.name[0] in "._" or path.name == "node_modules":
            continue
        if path.is_dir() and not path.is_symlink():
            if not any((path / name).is_file() for name in _CONFIGS):
                yield from _files(path)
        elif path.suffix in SUFFIXES:
            yield path
