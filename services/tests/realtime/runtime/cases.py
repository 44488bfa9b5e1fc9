"""What functions do, as lists of calls: each list on a deployment of its own, with nobody saying what must come of it.

A call is a kind, a function and its arguments; `keep` names what it gave, which later ones may take by
`{"$kept": "name"}`. `simpler` says in what convex-test does less than Convex: there the two must differ.
"""

from __future__ import annotations

import struct
from base64 import b64encode
from typing import Any

Step = dict[str, Any]
MISSING = {"missing": True}
FRUIT: list[tuple[str, str | None, Any]] = [
    ("apple", "a", 3),
    ("berry", "b", 1),
    ("cherry", "a", 1),
    ("date", None, 2),
    ("elder", "b", 3),
    ("fig", "a", 2),
    ("grape", "a", None),
]


def big(number: int) -> dict[str, str]:
    return {"$integer": b64encode(struct.pack("<q", number)).decode()}


def kept(name: str) -> dict[str, str]:
    return {"$kept": name}


def step(kind: str, path: str, args: dict[str, Any] | None = None, **about: Any) -> Step:
    return {"kind": kind, "path": f"cases:{path}", "args": args or {}, **about}


def put(value: Any, table: str = "things", **about: Any) -> Step:
    return step("mutation", "put", {"table": table, "value": value}, **about)


def thing(label: str, group: str | None = None, n: Any = None, **more: Any) -> dict[str, Any]:
    fields = {"label": label, "group": group, "n": n, **more}
    return {name: value for name, value in fields.items() if value is not None}


def fruit() -> Step:
    return step("mutation", "putAll", {"table": "things", "values": [thing(*each) for each in FRUIT]})


def find(ending: str = "find", table: str = "things", **asked: Any) -> Step:
    return step("query", ending, {"table": table, **asked})


def simpler(why: str, than: Step) -> Step:
    return {**than, "simpler": why}


def by_group(*conditions: list[Any], **asked: Any) -> Step:
    return find(index="by_group_and_n", range=list(conditions), **asked)


def op(name: str, *of: Any) -> dict[str, Any]:
    return {"op": name, "of": list(of)}


def field(name: str) -> dict[str, str]:
    return {"field": name}


def filtered(*filters: Any, **asked: Any) -> Step:
    return find(filters=list(filters), **asked)


KIND = {
    **{"choice": "a", "list": [1, 2.5], "map": {"x": True}, "big": big(-5)},
    **{"bytes": {"$bytes": "AQID"}, "nothing": None, "owner": kept("owner")},
}
NO_KIND: list[dict[str, Any]] = [
    {"choice": "b"},
    {"choice": False},
    {"list": ["x"]},
    {"list": [big(1)]},
    {"big": 5},
    {"bytes": "AQID"},
    {"nothing": False},
    {"maybe": 5},
    {"owner": "no id"},
    {"owner": kept("loose")},
    {"another": 1},
]
UNCHECKED: list[dict[str, Any]] = [
    {"text": 1},
    {"number": "1"},
    {"number": None},
    {"choice": "b"},
    {"thing": "no id"},
    {"thing": kept("loose")},
    {"inner": {"list": [1]}},
    {"inner": {}},
    {"more": 1},
]
NO_MAP: list[Any] = [{"x": 1}, []]
ANY = [
    *(None, big(-1), big(0), big(2**62), -1.5, {"$float": "AAAAAAAAAIA="}, 0, 7, {"$float": "AAAAAAAA8H8="}),
    *({"$float": "AAAAAAAA+H8="}, False, True, "", "a", "B", "é", "z", "\U0001f600", "\uffff"),
    *({"$bytes": ""}, {"$bytes": "AAE="}, [], [1], [1, 2], ["a"], {}, {"a": 1}, {"a": 1, "b": 0}, {"b": 0}),
]
"""Of every type, for the order among them."""

CASES: dict[str, list[Step]] = {
    "by an index": [
        fruit(),
        find(),
        find(order="desc"),
        by_group(["eq", "group", "a"]),
        by_group(["eq", "group", "a"], order="desc"),
        by_group(["eq", "group", "a"], ["eq", "n", 1]),
        by_group(["eq", "group", "nothing"]),
        by_group(["eq", "group", MISSING]),
        by_group(["eq", "group", "a"], ["eq", "n", MISSING]),
        by_group(),
        by_group(order="desc"),
        find(index="by_n"),
    ],
    "by ranges": [
        fruit(),
        by_group(["gt", "group", "a"]),
        by_group(["gte", "group", "a"], ["lt", "group", "b"]),
        by_group(["lt", "group", "b"]),
        by_group(["lte", "group", "a"], order="desc"),
        by_group(["eq", "group", "a"], ["gt", "n", 1]),
        by_group(["eq", "group", "a"], ["gte", "n", 1], ["lte", "n", 2]),
        by_group(["eq", "group", "a"], ["lt", "n", 2]),
        by_group(["eq", "group", "a"], ["gt", "n", MISSING]),
        by_group(["eq", "group", "a"], ["gt", "n", 2], ["lt", "n", 1]),
        find(index="by_n", range=[["gt", "n", 1], ["lt", "n", 3]], take=2),
        find(index="by_creation_time", order="desc", take=3),
    ],
    "ranges that can't be": [
        fruit(),
        by_group(["eq", "n", 1]),
        by_group(["eq", "group", "a"], ["eq", "label", "apple"]),
        by_group(["eq", "group", "a"], ["eq", "group", "a"]),
        by_group(["gt", "group", "a"], ["gt", "group", "a"]),
        by_group(["gt", "group", "a"], ["eq", "n", 1]),
        by_group(["gt", "group", "a"], ["lt", "n", 1]),
        find(index="by_label", range=[]),
        find(),
    ],
    "by a field inside another": [
        put(thing("one", deep={"x": 1})),
        put(thing("none", deep={})),
        put(thing("nothing")),
        put(thing("two", deep={"x": 2})),
        find(index="by_deep"),
        find(index="by_deep", range=[["eq", "deep.x", MISSING]]),
        find(index="by_deep", range=[["gt", "deep.x", 1]]),
        filtered(op("eq", field("deep.x"), 2)),
        filtered(op("eq", field("deep"), {"x": 1})),
        filtered(op("eq", field("label.x"), MISSING)),
    ],
    "the order of all there is": [
        *(put({"label": str(place), "n": value}) for place, value in enumerate(reversed(ANY))),
        put({"label": "missing"}),
        find(index="by_n"),
        find(index="by_n", order="desc"),
        *(find(index="by_n", range=[["gt", "n", value]]) for value in ANY),
        *(find(index="by_n", range=[["eq", "n", value]]) for value in ANY),
        *(filtered(op("eq", field("n"), value)) for value in ANY),
    ],
    "filters": [
        fruit(),
        filtered(op("eq", field("group"), "a")),
        filtered(op("neq", field("group"), "a")),
        filtered(op("eq", field("n"), MISSING)),
        filtered(op("neq", field("n"), MISSING)),
        filtered(op("and", op("gt", field("n"), 1), op("lt", field("n"), 3))),
        filtered(op("or", op("eq", field("n"), 1), op("eq", field("label"), "date"))),
        filtered(op("not", op("eq", field("group"), "a"))),
        filtered(op("and")),
        filtered(op("or")),
        filtered(op("neq", field("n"), MISSING), op("eq", op("mod", op("add", field("n"), 1), 2), 0)),
        simpler(
            "sums of what is no number are no number, not a failure",
            filtered(op("eq", op("add", field("n"), 1), 2)),
        ),
        filtered(op("gt", field("n"), 1), op("lt", field("n"), 3)),
        filtered(op("gte", field("n"), 1), take=2),
        by_group(["eq", "group", "a"], filters=[op("neq", field("label"), "fig")], order="desc"),
        filtered(op("gt", field("_creationTime"), 0)),
        find(filters=[True], take=1),
        find(filters=[False]),
    ],
    "sums": [
        put(thing("x", n=7)),
        *(
            filtered(op("eq", op(name, field("n"), other), result))
            for name, other, result in (
                ("add", 2, 9),
                ("sub", 2, 5),
                ("mul", 2, 14),
                ("div", 2, 3.5),
                ("mod", 4, 3),
            )
        ),
        simpler("it has no $neg", filtered(op("eq", op("neg", field("n")), -7))),
        find(),
    ],
    "sums of bigints": [
        put(thing("x", n=big(-7))),
        *(
            filtered(op("eq", op(name, field("n"), big(other)), big(result)))
            for name, other, result in (
                ("add", 2, -5),
                ("sub", 2, -9),
                ("mul", 2, -14),
                ("div", 2, -3),
                ("mod", 4, -3),
            )
        ),
        filtered(op("eq", op("add", field("n"), 2), 9)),
        find(),
    ],
    "endings": [
        fruit(),
        find("first"),
        find("first", order="desc"),
        find("first", filters=[op("eq", field("label"), "nothing")]),
        find("first", index="by_group_and_n", range=[["eq", "group", "b"]]),
        find("unique", index="by_group_and_n", range=[["eq", "group", "b"], ["eq", "n", 1]]),
        find("unique", index="by_group_and_n", range=[["eq", "group", "c"]]),
        find("unique", index="by_group_and_n", range=[["eq", "group", "b"]]),
        find(take=0),
        find(take=100),
        find(take=-1),
        find(take=1.5),
        find("find", "empty"),
        find("first", "empty"),
    ],
    "pages": [
        fruit(),
        find("page", numItems=3, cursor=None),
        step("query", "page", {"table": "things", "numItems": 3, "cursor": None}, keep="one"),
        step(
            "query",
            "page",
            {"table": "things", "numItems": 3, "cursor": kept("one.continueCursor")},
            keep="two",
        ),
        step("query", "page", {"table": "things", "numItems": 3, "cursor": kept("two.continueCursor")}),
        find("page", numItems=100, cursor=None, order="desc"),
        find("page", numItems=2, cursor=None, index="by_group_and_n", range=[["eq", "group", "a"]]),
        find("page", numItems=2, cursor=None, filters=[op("eq", field("group"), "b")]),
        find("page", "empty", numItems=2, cursor=None),
        step("query", "pageTwice"),
    ],
    "changes": [
        put(thing("one", "a", 1, deep={"x": 1}), keep="one"),
        step("mutation", "patch", {"id": kept("one"), "value": {"label": "two"}}),
        step("mutation", "patch", {"id": kept("one"), "value": {"n": 5}, "drop": ["group"]}),
        step("mutation", "patch", {"id": kept("one"), "value": {"deep": {}}}),
        step("mutation", "patch", {"id": kept("one"), "value": {}}),
        simpler(
            "a field that isn't there can't be taken out",
            step("mutation", "patch", {"id": kept("one"), "value": {}, "drop": ["never"]}),
        ),
        by_group(["eq", "group", MISSING]),
        step("mutation", "replace", {"id": kept("one"), "value": {"label": "new"}}),
        find(index="by_n"),
        step("mutation", "remove", {"id": kept("one")}),
        step("query", "get", {"id": kept("one")}),
        find(),
    ],
    "changes that can't be": [
        put(thing("one"), keep="one"),
        put(thing("two"), keep="two"),
        step("mutation", "patch", {"id": kept("one"), "value": {"_id": kept("two")}}),
        step("mutation", "patch", {"id": kept("one"), "value": {"_id": kept("one"), "label": "same"}}),
        step("mutation", "patch", {"id": kept("one"), "value": {"_creationTime": 5}}),
        step("mutation", "replace", {"id": kept("one"), "value": {"label": "x", "_id": kept("two")}}),
        step("mutation", "replace", {"id": kept("one"), "value": {"label": "same", "_id": kept("one")}}),
        step("mutation", "patch", {"id": kept("one"), "value": {"label": 1}}),
        step("mutation", "patch", {"id": kept("one"), "value": {}, "drop": ["label"]}),
        step("mutation", "replace", {"id": kept("one"), "value": {}}),
        step("mutation", "remove", {"id": kept("two")}),
        step("mutation", "remove", {"id": kept("two")}),
        step("mutation", "patch", {"id": kept("two"), "value": {"label": "x"}}),
        step("mutation", "replace", {"id": kept("two"), "value": {"label": "x"}}),
        find(),
    ],
    "documents and their schema": [
        put(thing("owner"), keep="owner"),
        put({"text": "x"}, "loose", keep="loose"),
        put(KIND, "kinds"),
        put({**KIND, "choice": 1, "maybe": None, "list": [], "map": {}}, "kinds"),
        put({**KIND, "choice": True, "maybe": "x"}, "kinds"),
        *(put({**KIND, **wrong}, "kinds") for wrong in NO_KIND),
        put({name: value for name, value in KIND.items() if name != "big"}, "kinds"),
        find(table="kinds"),
        find(table="loose"),
        put("text"),
        put({"label": "x", "_id": "y"}),
        put({"label": "x", "_other": 1}),
        find(),
        *(
            simpler("what records hold isn't looked at", put({**KIND, "map": wrong}, "kinds"))
            for wrong in NO_MAP
        ),
    ],
    "arguments and what is returned": [
        put(thing("a thing"), keep="thing"),
        put({}, "loose", keep="loose"),
        step("query", "checked", {"text": "fine"}),
        step("query", "checked", {"text": "fine", "choice": 2, "thing": kept("thing")}),
        step("query", "checked", {"text": "fine", "inner": {"list": [big(1)], "map": {"x": None}}}),
        *(step("query", "checked", {"text": "x", **wrong}) for wrong in UNCHECKED),
        step("query", "checked", {}),
        simpler(
            "what records hold isn't looked at",
            step("query", "checked", {"text": "x", "inner": {"list": [], "map": {"x": 1}}}),
        ),
        step("query", "checked", {"text": "x", "number": 5}),
    ],
    "functions inside functions": [
        step("mutation", "nest", {"hows": [None, "plain", "error", None]}),
        find(),
        step("mutation", "nestAndFail"),
        find(),
        step("mutation", "deeper"),
        find(),
    ],
    "what is thrown": [
        *(
            step("mutation", "fail", {"how": how})
            for how in ("error", "type", "text", "object", "plain", "nothing")
        ),
        find(),
    ],
    "who asks": [
        step("query", "who"),
        step("mutation", "whoInside"),
        *(
            step(kind, path, identity={"issuer": "https://i", "subject": "ann", **more})
            for kind, path in (("query", "who"), ("mutation", "whoInside"))
            for more in ({}, {"name": "Ann", "org": "lumen", "roles": ["a"]}, {"tokenIdentifier": "its own"})
        ),
    ],
    "by system fields": [
        fruit(),
        put(thing("last"), keep="last"),
        put(thing("later")),
        step("query", "get", {"id": kept("last")}, keep="it"),
        find(index="by_id", range=[["eq", "_id", kept("last")]]),
        find(index="by_creation_time", range=[["gt", "_creationTime", kept("it._creationTime")]]),
        find(
            index="by_creation_time", range=[["lte", "_creationTime", kept("it._creationTime")]], order="desc"
        ),
        filtered(op("eq", field("_id"), kept("last"))),
        filtered(op("lt", field("_creationTime"), kept("it._creationTime")), order="desc"),
    ],
    "by table and id": [
        put(thing("one"), keep="one"),
        put({}, "loose", keep="loose"),
        step("query", "getIn", {"table": "things", "id": kept("one")}),
        step("query", "getIn", {"table": "things", "id": kept("loose")}),
        step("query", "getIn", {"table": "things", "id": "no id"}),
        step("mutation", "changeIn", {"table": "loose", "id": kept("one"), "value": {"label": "x"}}),
        step("mutation", "changeIn", {"table": "things", "id": kept("one"), "value": {"label": "x"}}),
        find(),
    ],
    "together and in a loop": [
        step("mutation", "together", {"labels": ["x", "y", "z"]}),
        find(),
        step(
            "mutation",
            "loop",
            {"table": "things", "index": "by_group_and_n", "range": [["eq", "group", MISSING]]},
        ),
        find(order="desc"),
    ],
    "ids": [
        put(thing("one"), keep="one"),
        put({}, "loose", keep="loose"),
        step("query", "normalize", {"table": "things", "id": kept("one")}),
        step("query", "normalize", {"table": "loose", "id": kept("one")}),
        step("query", "normalize", {"table": "nowhere", "id": kept("one")}),
        step("query", "normalize", {"table": "things", "id": "no id"}),
        step("query", "normalize", {"table": "things", "id": ""}),
        step("query", "get", {"id": kept("loose")}),
        simpler("any text is an id", step("query", "get", {"id": "no id"})),
    ],
}
