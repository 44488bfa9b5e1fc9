"""What functions do with files, as lists of calls (cases.py); `file` stores one, as an action would."""

from __future__ import annotations

from typing import Any

from tests.realtime.runtime.cases import Step, kept, simpler

FILE = {"id": kept("file")}


def store(content: str, keep: str = "file") -> Step:
    return {"kind": "file", "path": "", "args": {"content": content}, "keep": keep}


def ask(path: str, args: dict[str, Any] | None = None) -> Step:
    return {"kind": "query", "path": f"files:{path}", "args": args or {}}


def do(path: str, args: dict[str, Any] | None = None) -> Step:
    return {"kind": "mutation", "path": f"files:{path}", "args": args or {}}


def act(path: str, args: dict[str, Any] | None = None, **about: Any) -> Step:
    return {"kind": "action", "path": f"files:{path}", "args": args or {}, **about}


CASES: dict[str, list[Step]] = {
    "a file": [
        store("hello"),
        ask("hasUrl", FILE),
        ask("one", FILE),
        ask("all"),
        store("", "empty"),
        store("é" * 100_000, "large"),
        ask("all"),
    ],
    "a file that is deleted": [
        store("hello"),
        store("hello", "same"),
        do("remove", FILE),
        ask("hasUrl", FILE),
        ask("one", FILE),
        ask("all"),
        do("remove", {"id": kept("same")}),
        ask("all"),
    ],
    "a file that is deleted and isn't": [
        store("hello"),
        do("removeAndFail", FILE),
        ask("hasUrl", FILE),
        do("removeInside", FILE),
        ask("all"),
        do("removeAndLook", FILE),
        ask("all"),
    ],
    "what a file isn't": [
        store("hello"),
        {"kind": "mutation", "path": "cases:put", "args": {"table": "loose", "value": {}}, "keep": "loose"},
        simpler("it hides no table", {"kind": "query", "path": "cases:get", "args": FILE}),
        {"kind": "query", "path": "cases:normalize", "args": {"table": "_storage", **FILE}},
        simpler("it knows no metadata", ask("metadata", FILE)),
        ask("hasUrl", FILE),
    ],
    "actions and files": [
        act("put", {"text": "hé"}, keep="file"),
        act("take", FILE),
        ask("one", FILE),
        act("throughAction", FILE),
        act("take", FILE),
        ask("all"),
    ],
}
