"""The single form of every refusal, the framework's own included: RFC 9457 with a stable code and a sentence that
says what to do, which never repeats what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from dfworx.shared.errors import PROBLEM_JSON, ApiError, Invalid
from dfworx.shared.serve.asking import asked


class FieldProblem(BaseModel):
    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    """To be told to whoever runs the service: its log has the same."""
    errors: list[FieldProblem] | None = None
    """With 422, the fields that can't be used."""


_FRAMEWORK = {
    404: ("not_found", "Nothing is served at this address."),
    405: ("method_not_allowed", "This address doesn't take this method."),
}
"""The framework's refusals in our words; their title stays the status's own phrase."""

_SENTENCES = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such field. Leave it out.",
    "model_attributes_type": "Send a JSON object.",
    "string_type": "Send text here.",
    "too_long": "The length is {max_length} at most.",
    "string_too_long": "The length is {max_length} at most.",
    "string_too_short": "The length is {min_length} at least.",
    "int_parsing": "Send a whole number.",
    "int_from_float": "Send a whole number.",
    "greater_than_equal": "Send {ge} or more.",
    "less_than_equal": "Send {le} or less.",
    "bool_type": "Send true or false.",
    "bool_parsing": "Send true or false.",
    "literal_error": "Send one of {expected}.",
    "dict_type": "Send a JSON object.",
    "uuid_type": "This isn't an id. Send one that the API gave you.",
    "value_error": "{error}",
    "uuid_parsing": "This isn't an id. Send one that the API gave you.",
}
"""The validation library's own words are for programmers; by its error type, what to tell people in their place."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides success, for its OpenAPI description."""
    return {status: {"model": Problem, "content": {PROBLEM_JSON: {}}} for status in statuses}


def answer_problems(app: FastAPI) -> None:
    app.add_exception_handler(ApiError, _answer_api_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)
    app.add_exception_handler(StarletteHTTPException, _answer_http_exception)


def problem_response(error: ApiError) -> Response:
    headers = {"Cache-Control": "no-store", **error.headers}
    return _document(error.problem(), headers, error)


def _document(
    problem: dict[str, Any], headers: Mapping[str, str] | None, failure: BaseException | None
) -> Response:
    status = problem["status"]
    if (current := asked.get()) is not None:
        problem["request_id"] = current.request_id
        current.code = problem["code"]
        if status >= 500:
            current.failure = current.failure or failure
    return Response(orjson.dumps(problem), status, headers, PROBLEM_JSON)


async def _answer_api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return problem_response(error)


async def _answer_invalid_request(request: Request, error: Exception) -> Response:
    """FastAPI's own 422, in our form; the values sent are not repeated."""
    assert isinstance(error, RequestValidationError)
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem_response(_no_json())
    if any(each["loc"] == ("body",) for each in error.errors()) and not _said_to_be_json(request):
        return problem_response(Invalid("Send the body as Content-Type: application/json."))
    fields = [
        {
            "field": ".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0]),
            "detail": _sentence(each),
        }
        for each in error.errors()
    ]
    told = "; ".join(f"{each['field']}: {each['detail']}" for each in fields[:5])
    return problem_response(Invalid(f"Some of what was sent can't be used. {told}", errors=fields))


def _sentence(error: Mapping[str, Any]) -> str:
    sentence = _SENTENCES.get(error["type"])
    return sentence.format(**error.get("ctx", {})) if sentence else error["msg"]


def _no_json() -> Invalid:
    return Invalid("The body isn't JSON. Send what the API's description says.")


def _said_to_be_json(request: Request) -> bool:
    """As FastAPI reads it: any other body reaches the validation as bytes."""
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    main, sub = message.get_content_maintype(), message.get_content_subtype()
    return main == "application" and (sub == "json" or sub.endswith("+json"))


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    """The framework's own refusals: no such path, no such method, a body that can't be read."""
    assert isinstance(error, StarletteHTTPException)
    # Its only 400: a body that Python's parser gives up on, such as bytes that are no UTF-8.
    if error.status_code == 400:
        return problem_response(_no_json())
    phrase = str(error.detail)
    code, sentence = _FRAMEWORK.get(error.status_code, ("refused", f"{phrase}."))
    problem = {"type": "about:blank", "title": phrase, "status": error.status_code,
               "code": code, "detail": sentence}  # fmt: skip
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return _document(problem, headers, error)


def _methods_of(request: Request) -> set[str]:
    """All that the address takes: the framework names those of the first route that has it."""
    taken = {"OPTIONS"}
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.matches(request.scope)[0] is not Match.NONE:
            taken |= route.methods
    taken.discard("OPTIONS")
    return taken | {"HEAD"} if "GET" in taken else taken
