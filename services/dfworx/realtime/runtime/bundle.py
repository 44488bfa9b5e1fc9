"""A folder of Convex functions as one piece of JavaScript, by esbuild. Which files are functions is Convex's own rule:
whatever doesn't begin with a dot or an underscore, has no second dot in its name, and isn't one of the named files."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMED = {"schema": "schema", "auth.config": "auth"}
NOT_FUNCTIONS = {"schema", "auth.config", "convex.config", "crons", "http"}
SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mjs")
_MOST_SECONDS = 60
_PROGRAM = Path(__file__).with_name("bundle.mjs")


class BadFunctions(Exception):
    """The folder can't be bundled; the message is esbuild's, or says what is missing."""


@dataclass(frozen=True, slots=True)
class Bundle:
    code: str
    """Leaves its modules in `__modules`; the source map stands at its end."""
    folder: Path


def bundle(folder: Path, node: Path, packages: Path) -> Bundle:
    """`packages` is the node_modules that has esbuild. Raises BadFunctions."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise BadFunctions(f"There is no folder {folder}; name the one that your Convex functions are in.")
    functions, named = find_modules(folder)
    if not functions:
        raise BadFunctions(f"{folder} has no functions: put a file such as messages.ts there.")
    imports = [
        f"import * as f{n} from {json.dumps('./' + path)};" for n, path in enumerate(functions.values())
    ]
    imports += [f"import {name} from {json.dumps('./' + path)};" for name, path in named.items()]
    listed = ", ".join(f"{json.dumps(name)}: f{n}" for n, name in enumerate(functions))
    entry = "\n".join(
        [*imports, f"globalThis.__modules = {{ functions: {{ {listed} }}, {', '.join(named)} }};"]
    )
    done = subprocess.run(
        [str(node), str(_PROGRAM)],
        input=json.dumps({"packages": str(packages), "folder": str(folder), "entry": entry}),
        capture_output=True,
        text=True,
        timeout=_MOST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise BadFunctions(done.stderr.strip())
    return Bundle(done.stdout, folder)


def find_modules(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Modules of functions, and the named ones, each with its path below the folder. Raises BadFunctions."""
    functions: dict[str, str] = {}
    named: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix not in SUFFIXES or any(
            part[0] in "._" or part == "node_modules" for part in inside.parts
        ):
            continue
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
