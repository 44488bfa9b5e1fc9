"""What people do by mistake, and what they are told: in words of Convex's where it has some, with the place in their
files. When functions are loaded, and when they run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.engine.schema import BadSchema
from dfworx.realtime.runtime.auth_config import BadAuthConfig
from dfworx.realtime.runtime.bundle import BadFunctions, bundle
from dfworx.realtime.runtime.program import load_program
from dfworx.realtime.runtime.worker import WorkerDied
from tests.realtime.runtime.conftest import Runner

FINE = 'import { queryGeneric } from "convex/server";\nexport const fine = queryGeneric(async () => 1);\n'
TABLES = 'import { defineSchema, defineTable } from "convex/server";\nimport { v } from "convex/values";\n'

LOADING: list[tuple[str, dict[str, str], type[Exception], str]] = [
    (
        "a syntax error",
        {"a.ts": "export const a = ("},
        BadFunctions,
        r"Unexpected end of file[\s\S]*a\.ts:1:18",
    ),
    (
        "no such file",
        {"a.ts": 'import "./nowhere";'},
        BadFunctions,
        r'Could not resolve "./nowhere"[\s\S]*a\.ts:1:7',
    ),
    ("no such package", {"a.ts": 'import "nowhere";'}, BadFunctions, r'Could not resolve "nowhere"'),
    (
        "no such export",
        {"a.ts": 'import { b } from "./b";\nexport const a = b;', "b.ts": FINE},
        BadFunctions,
        r'No matching export in "b.ts" for import "b"',
    ),
    (
        "two files of one module",
        {"a.js": FINE, "a.ts": FINE},
        BadFunctions,
        r"^a\.js and a\.ts are both the module a; keep one of them\.$",
    ),
    (
        "two schemas",
        {"schema.js": TABLES, "schema.ts": TABLES},
        BadFunctions,
        r"^schema\.js and schema\.ts are both the module schema",
    ),
    (
        "a module that throws",
        {"a.ts": FINE + '\nfunction check() {\n  throw new Error("no key");\n}\ncheck();'},
        WorkerDied,
        r"^Uncaught Error: no key\n    at check \(\.\./convex/a\.ts:5:\d+\)\n    at <anonymous> \(\.\./convex/a\.ts:7:",
    ),
    (
        "a schema that throws",
        {
            "schema.ts": TABLES
            + "export default defineSchema({ notes: defineTable({ a: (v as any).nothing() }) });"
        },
        WorkerDied,
        r"^Uncaught TypeError: v\.nothing is not a function\n    at <anonymous> \(\.\./convex/schema\.ts:3:",
    ),
    (
        "a schema that is none",
        {"schema.ts": "export default { notes: 1 };"},
        WorkerDied,
        r"schema\.ts must export by default what defineSchema\(\.\.\.\) gives\.",
    ),
    (
        "an index of a field that isn't there",
        {
            "schema.ts": TABLES
            + 'export default defineSchema({ notes: defineTable({ a: v.string() }).index("by_b", ["b" as never]) });'
        },
        BadSchema,
        r"SchemaDefinitionError: index notes\.by_b names the field b",
    ),
    (
        "a provider without its parts",
        {"auth.config.ts": 'export default { providers: [{ type: "customJwt" }] };'},
        BadAuthConfig,
        r"auth\.config\.ts",
    ),
]


@pytest.mark.parametrize(
    ("files", "error", "words"), [each[1:] for each in LOADING], ids=[each[0] for each in LOADING]
)
async def test_what_cannot_be_loaded_is_told_with_its_place(
    node: Path, tmp_path: Path, files: dict[str, str], error: type[Exception], words: str
) -> None:
    write(tmp_path, {"fine.ts": FINE, **files})
    with pytest.raises(error) as told:
        _, worker = await load_program(node, bundle(tmp_path, node, CHECKOUT / "node_modules"), {})
        await worker.kill()
    assert re.search(words, str(told.value)), told.value
    assert "worker.mjs" not in str(told.value) and "convex:realm" not in str(told.value)


async def test_what_is_no_mistake_is_loaded(node: Path, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.ts": FINE
            + 'import { name } from "./b";\nexport const word = "a";\nexport const say = () => name();',
            "b.ts": FINE + 'import { word } from "./a";\nexport const name = () => word;',
            "default.ts": "export default 5;",
            "some.test.ts": "throw new Error();",
            "_generated/server.js": "throw new Error();",
        },
    )
    program, worker = await load_program(node, bundle(tmp_path, node, CHECKOUT / "node_modules"), {})
    await worker.kill()
    assert set(program.functions) == {"a:fine", "b:fine"}


RUNNING: list[tuple[str, dict[str, Any], str]] = [
    (
        "needs",
        {},
        "ArgumentValidationError: Object is missing the required field `room`. Consider wrapping the field "
        "validator in `v.optional(...)` if this is expected.\n\nObject: {}\nValidator: v.object({room: v.string(), "
        "n: v.optional(v.float64())})",
    ),
    (
        "needs",
        {"room": "a", "x": 1.0},
        "ArgumentValidationError: Object contains extra field `x` that is not in",
    ),
    (
        "needs",
        {"room": None},
        "ArgumentValidationError: Value does not match validator.\nPath: .room\nValue: null\nValidator: v.string()",
    ),
    (
        "writes",
        {},
        "Uncaught TypeError: ctx.db.insert is not a function\n    at handler (../convex/mistakes.ts:8:",
    ),
    (
        "fetches",
        {},
        "Uncaught Error: Can't use fetch() in queries and mutations. Please consider using an action. See "
        "https://docs.convex.dev/functions/actions for more details.\n    at handler (../convex/mistakes.ts:10:",
    ),
    (
        "sleeps",
        {},
        "Uncaught Error: Can't use setTimeout() in queries and mutations. Please consider using an action.",
    ),
    ("returnsDate", {}, 'Uncaught Error: Date "1970-01-01T00:00:00.000Z" is not a supported Convex type.'),
    (
        "inserts",
        {"size": 1_100_000.0},
        "Uncaught Error: Value is too large (1100009 bytes > maximum size 1048576 bytes)",
    ),
    (
        "insertsFunction",
        {},
        'Uncaught Error: Function "[Function]" is not a supported Convex type (present at path .f',
    ),
    ("insertsUnderscore", {}, "Uncaught Error: Field _mine starts with an underscore"),
    ("noSuchIndex", {}, "Uncaught Error: Index messages.by_nothing not found."),
    ("getsNoId", {}, "Uncaught Error: Invalid argument `id` for `db.get`: ID wasn't valid base32"),
    ("patchesGone", {}, "Uncaught Error: Update on nonexistent document ID "),
    ("throwsText", {}, "Uncaught 'only text'"),
    (
        "throwsData",
        {},
        'Uncaught ConvexError: {"code":"closed","at":"5n"}\n    at handler (../convex/mistakes.ts:39:',
    ),
]


async def test_a_mistake_of_a_function_is_told_with_its_place(runner: Runner) -> None:
    for name, args, words in RUNNING:
        result = await runner.run(f"mistakes:{name}", args)
        assert result.value is None and result.message.startswith(words), (name, result.message)
        assert "realm" not in result.message and "worker.mjs" not in result.message
        if name not in ("needs", "throwsText", "returnsDate"):
            assert "(../convex/mistakes.ts:" in result.message, result.message


async def test_frames_lead_through_peoples_own_functions(runner: Runner) -> None:
    result = await runner.run("mistakes:throwsDeep")
    frames = [line for line in result.message.split("\n") if "/mistakes.ts" in line]
    assert [re.sub(r"\d+\)$", "", each) for each in frames] == [
        "    at deeper (../convex/mistakes.ts:43:",
        "    at Room.open (../convex/mistakes.ts:48:",
        "    at async handler (../convex/mistakes.ts:51:",
    ]


async def test_what_nobody_awaits_is_not_done_and_told(runner: Runner) -> None:
    result = await runner.run("mistakes:forgets")
    assert (result.value, result.log_lines) == (
        "null",
        [
            "[WARN] 2 unawaited operations: [db.insert, db.query]. Async operations should be awaited or they might "
            "not run."
        ],
    )
    assert (await runner.run("mistakes:forgotten")).value == "[]"


async def test_a_function_that_calls_another_one_itself_is_told(runner: Runner) -> None:
    result = await runner.run("mistakes:callsDirectly")
    assert "Convex functions should not directly call other Convex functions" in result.log_lines[0]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
