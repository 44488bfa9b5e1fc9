"""What a folder may hold: files that say "use node", a router, packages; what it may not is told in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.runtime.bundle import BadFunctions, Bundle, bundle
from dfworx.realtime.runtime.program import load_program
from dfworx.realtime.runtime.worker import WorkerDied

ACTION, QUERY = (
    f'import {{ {kind}Generic }} from "convex/server";\nexport const {name} = {kind}Generic({{ handler: () => 1 }});\n'
    for kind, name in (("action", "run"), ("query", "list"))
)
PRESENCE = (
    'import { defineApp } from "convex/server";\nimport presence from "@convex-dev/presence/convex.config";\n'
    "const app = defineApp();\napp.use(presence);\nexport default app;\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project" / "convex"
    made.mkdir(parents=True)
    (made / "list.ts").write_text(QUERY)
    return made


def make(folder: Path, node: Path) -> Bundle:
    return bundle(folder, node, CHECKOUT / "node_modules")


async def functions(folder: Path, node: Path) -> dict[str, bool]:
    """Each with whether it is for Node."""
    program, worker = await load_program(node, make(folder, node), {})
    await worker.kill()
    return {path: function.node for path, function in program.functions.items()}


@pytest.mark.parametrize(
    "beginning",
    [
        '"use node";',
        "'use node'",
        '\n// Why.\n/* And\n "use no" */ "use strict";\n"use node";',
        '"use node" // so',
    ],
)
async def test_a_file_that_says_so_is_for_node(folder: Path, node: Path, beginning: str) -> None:
    imported = 'import { sep } from "node:path";\nexport const other = sep;\n'
    (folder / "run.ts").write_text(f"{beginning}\n{imported}{ACTION}")
    assert await functions(folder, node) == {"list:list": False, "run:run": True}


@pytest.mark.parametrize(
    "beginning", ['// "use node"', 'const x = 1; "use node";', "`use node`;", '/* "use node"; */']
)
async def test_a_file_that_says_it_elsewhere_is_not(folder: Path, node: Path, beginning: str) -> None:
    (folder / "run.ts").write_text(f"{beginning}\n{ACTION}")
    assert await functions(folder, node) == {"list:list": False, "run:run": False}


async def test_only_actions_are_for_node(folder: Path, node: Path) -> None:
    (folder / "mixed.ts").write_text(f'"use node";\n{ACTION}{QUERY}')
    with pytest.raises(
        BadFunctions, match=r'^mixed:list is a query, and its file says "use node": only actions'
    ):
        await functions(folder, node)


def test_files_of_convexs_own_are_not_for_node(folder: Path, node: Path) -> None:
    (folder / "http.ts").write_text('"use node";\nexport default 1;\n')
    with pytest.raises(BadFunctions, match=r'"use node" isn\'t for http\.ts'):
        make(folder, node)


def test_a_file_that_needs_node_and_does_not_say_so_is_told_how(folder: Path, node: Path) -> None:
    (folder / "run.ts").write_text(
        f'import fs from "node:fs";\nexport const there = fs.existsSync;\n{ACTION}'
    )
    with pytest.raises(
        BadFunctions, match='A file that needs Node begins with "use node" and holds actions only'
    ):
        make(folder, node)


async def test_a_router_is_what_http_exports(folder: Path, node: Path) -> None:
    (folder / "http.ts").write_text("export default { route() {} };\n")
    with pytest.raises(WorkerDied, match=r"http\.ts must export an httpRouter"):
        await functions(folder, node)


async def test_packages_that_are_named_stay_outside_of_the_bundle(folder: Path, node: Path) -> None:
    package = folder.parent / "node_modules" / "odd"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name":"odd","main":"index.cjs"}')
    (package / "index.cjs").write_text("exports.where = __filename;\n")
    (folder / "run.ts").write_text(
        f'"use node";\nimport {{ where }} from "odd";\nexport const is = where;\n{ACTION}'
    )
    assert str(package) not in (make(folder, node).node_code or "")
    (folder.parent / "convex.json").write_text(json.dumps({"node": {"externalPackages": ["odd"]}}))
    code = make(folder, node).node_code
    assert code is not None and 'require("odd")' in code
    assert await functions(folder, node) == {"list:list": False, "run:run": True}


# --------------------------------------------------------------------------------------------------------- components


@pytest.mark.parametrize("suffix", ["", ".js", ".ts"])
def test_a_component_is_refused_by_its_name_with_what_to_do(folder: Path, node: Path, suffix: str) -> None:
    (folder / "convex.config.ts").write_text(PRESENCE.replace("convex.config", f"convex.config{suffix}"))
    with pytest.raises(BadFunctions) as told:
        make(folder, node)
    assert "The component @convex-dev/presence can't be installed: this deployment has no components" in str(
        told.value
    )
    assert "convex.config.ts:2" in str(told.value), "where it is imported"


def test_a_component_in_a_folder_of_its_own_is_refused_too(folder: Path, node: Path) -> None:
    (folder / "counter").mkdir()
    (folder / "counter" / "convex.config.ts").write_text("export default 1;\n")
    (folder / "convex.config.ts").write_text(PRESENCE.replace("@convex-dev/presence", "./counter"))
    with pytest.raises(BadFunctions, match=r"The component \./counter can't be installed"):
        make(folder, node)


async def test_an_app_without_components_is_no_mistake(folder: Path, node: Path) -> None:
    (folder / "convex.config.ts").write_text(
        'import { defineApp } from "convex/server";\nexport default defineApp();\n'
    )
    assert await functions(folder, node) == {"list:list": False}
