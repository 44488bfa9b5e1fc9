"""What each service says that it takes, read from its OpenAPI document: every place for a value, and a request that
fills them all. An endpoint that is added later is attacked because it is described."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from dfworx.cli.services import SERVICES


@dataclass(frozen=True)
class Slot:
    """A place for a value: a parameter, or a field of the body by its path."""

    where: str
    """path, query, header, cookie or body"""
    name: str
    schema: dict[str, Any]

    @property
    def takes_text(self) -> bool:
        return any(each.get("type", "string") == "string" for each in _choices(self.schema))


@dataclass
class Request:
    """One request, to be filled in and sent."""

    method: str
    path: str
    parameters: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"path": {}, "query": {}, "header": {}}
    )
    body: Any = None

    def put(self, slot: Slot, value: Any) -> Request:
        changed = copy.deepcopy(self)
        if slot.where != "body":
            changed.parameters.setdefault(slot.where, {})[slot.name] = value
            return changed
        *way, last = slot.name.split(".")
        place = changed.body
        for step in way:
            place = place[step]
        place[last] = value
        return changed

    @property
    def address(self) -> str:
        path = self.path
        for name, value in self.parameters["path"].items():
            # A path's segment, quoted as clients do; "." and ".." can't be said in one.
            path = path.replace("{" + name + "}", quote(_utf8(str(value)), safe="").replace(".", "%2E"))
        return path

    async def send(self, client: httpx.AsyncClient, **headers: str) -> httpx.Response:
        query = {
            name: _utf8(str(value)) for name, value in self.parameters["query"].items() if value is not None
        }
        given = {
            name.encode(): str(value)
            .encode("utf-8", "replace")
            .replace(b"\r", b" ")
            .replace(b"\n", b" ")
            .replace(b"\0", b" ")
            for name, value in {**self.parameters["header"], **headers}.items()
            if value is not None
        }
        content = None if self.body is None else json.dumps(self.body, ensure_ascii=True).encode()
        kind = {b"content-type": b"application/json"} if content is not None else {}
        return await client.request(
            self.method, self.address, params=query, content=content, headers=[*given.items(), *kind.items()]
        )


@dataclass(frozen=True)
class Operation:
    name: str
    request: Request
    slots: tuple[Slot, ...]
    open_to_all: bool
    """Described as needing no token."""

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.path}"


async def read_operations(client: httpx.AsyncClient) -> list[Operation]:
    found = []
    for service in SERVICES:
        answer = await client.get(f"/api/{service.name}/openapi.json")
        assert answer.status_code == 200, service.name
        document = answer.json()
        for path, methods in document["paths"].items():
            for method, described in methods.items():
                found.append(_read(document, method, path, described))
    return found


def _read(document: dict[str, Any], method: str, path: str, described: dict[str, Any]) -> Operation:
    request = Request(method.upper(), path)
    slots = []
    for parameter in described.get("parameters", []):
        schema = _resolved(document, parameter["schema"])
        slot = Slot(parameter["in"], parameter["name"], schema)
        slots.append(slot)
        if parameter.get("required") or parameter["name"] == "if-match":
            request = request.put(slot, sample(schema))
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        schema = _choices(_resolved(document, content["schema"]))[0]
        request.body = sample(schema)
        slots += _fields(schema)
    return Operation(described["operationId"], request, tuple(slots), "security" not in described)


def _fields(schema: dict[str, Any], way: str = "") -> Iterator[Slot]:
    for name, inner in schema.get("properties", {}).items():
        first = _choices(inner)[0]
        if first.get("type") == "object" and first.get("properties"):
            yield from _fields(first, f"{way}{name}.")
        else:
            yield Slot("body", way + name, inner)


def _resolved(document: dict[str, Any], schema: Any) -> Any:
    """With every $ref in its place."""
    if isinstance(schema, list):
        return [_resolved(document, each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _resolved(document, target)
    return {name: _resolved(document, value) for name, value in schema.items()}


def _choices(schema: dict[str, Any]) -> list[dict[str, Any]]:
    some = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return [each for each in some if each.get("type") != "null"] or [{}]


def sample(schema: dict[str, Any]) -> Any:
    """A value that fits."""
    first = _choices(schema)[0]
    if "const" in first:
        return first["const"]
    if "enum" in first:
        return first["enum"][0]
    match first.get("type"):
        case "object":
            return {
                name: sample(inner) for name, inner in first.get("properties", {}).items() if _is_plain(inner)
            }
        case "array":
            return [sample(first.get("items", {}))]
        case "integer" | "number":
            return first.get("minimum", 1)
        case "boolean":
            return True
    return _text(first)


def _is_plain(schema: dict[str, Any]) -> bool:
    return not (_choices(schema)[0].get("const") == "cookie" or _choices(schema)[0].get("enum") == ["cookie"])


def _text(schema: dict[str, Any]) -> str:
    match schema.get("format"):
        case "uuid":
            return str(uuid.uuid4())
        case "email":
            return f"{uuid.uuid4().hex}@example.org"
        case "uri":
            return "https://example.org/a.png"
        case "date-time":
            return "2026-01-01T00:00:00Z"
        case "date":
            return "2026-01-01"
    return ("a" + uuid.uuid4().hex)[: schema.get("maxLength", 40)].ljust(schema.get("minLength", 1), "a")


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
