"""Searches, as lists of calls (cases.py). Of an order nobody but us says anything."""

from __future__ import annotations

from typing import Any

from tests.realtime.runtime.cases import Step, simpler

NOTES: list[dict[str, Any]] = [
    {"body": "red fox", "room": "a", "n": 1},
    {"body": "The RED house", "room": "b", "n": 2, "at": {"kind": True}},
    {"body": "foxes and hounds", "room": "a", "n": 3, "at": {"kind": False, "text": "nested words"}},
    {"body": "a blue house", "n": 4, "at": {"text": "nested too"}},
    {"body": "", "n": 5},
]


def step(kind: str, path: str, **args: Any) -> Step:
    return {"kind": kind, "path": f"search:{path}", "args": args}


def find(text: str, **asked: Any) -> Step:
    return step("query", "find", text=text, **asked)


WRITTEN = step("mutation", "write", notes=NOTES)
CASES: dict[str, list[Step]] = {
    "search for words": [
        find("fox"),
        WRITTEN,
        find("red"),
        find("RED"),
        find("fox"),
        find("house red"),
        find("h"),
        find("hou"),
        find("green"),
        find(""),
        find("   "),
        find("blue hounds fox"),
        simpler("it knows no punctuation", find("fox!")),
        simpler("all words may be beginnings", find("hou blue")),
    ],
    "search with filters": [
        WRITTEN,
        find("fox", where={"room": "a"}),
        find("red", where={"room": "a"}),
        find("house", where={"room": None}),
        find("house", where={"at.kind": True}),
        find("fox", where={"room": "a", "at.kind": False}),
        find("fox", where={"room": "a", "at.kind": True}),
        find("red", least=2),
        find("house fox", where={"room": "a"}, least=3),
    ],
    "search inside": [
        step("mutation", "write", notes=[note for note in NOTES if "text" in note.get("at", {})]),
        find("nested", index="search_text", field="at.text"),
        find("too", index="search_text", field="at.text"),
        find("hounds", index="search_text", field="at.text"),
    ],
    "search for one": [
        WRITTEN,
        step("query", "first", text="hounds"),
        step("query", "first", text="green"),
        step("query", "unique", text="hounds"),
        step("query", "unique", text="green"),
        step("query", "order", text="fox"),
    ],
    "search what was just written": [
        WRITTEN,
        step(
            "mutation",
            "writeAndFind",
            text="meanwhile fox",
            notes=[{"body": "a new fox"}, {"body": "an old fox"}],
        ),
        find("meanwhile"),
        step("mutation", "hideAll", text="fox"),
        find("fox"),
        find("hidden"),
    ],
    "search that can't be": [
        WRITTEN,
        simpler("it doesn't ask which index there is", find("fox", index="search_nothing")),
        simpler("it doesn't ask which field is searched", find("fox", field="room")),
        simpler("it doesn't ask which fields are filtered by", find("fox", where={"n": "x"})),
    ],
}
