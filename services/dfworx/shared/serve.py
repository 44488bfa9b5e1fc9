"""What makes a FastAPI application one of ours: state, the single error form, health. A service's
`app.py` adds its routers and nothing else."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.message import Message
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from redis.exceptions import RedisError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.errors import PROBLEM_JSON, ApiError, Invalid, Unavailable
from dfworx.shared.settings import Settings
from dfworx.shared.tokens import TokenVerifier

VERSION = importlib.metadata.version("dfworx")


class Body(BaseModel):
    """What a request carries. A field that isn't ours is refused by name: a misspelt one must not pass in silence."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str


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
    "uuid_parsing": "This isn't an id. Send one that the API gave you.",
}
"""The validation library's own words are for programmers; by its error type, what to tell people in their place."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides success, for its OpenAPI description."""
    return {status: {"model": Problem, "content": {PROBLEM_JSON: {}}} for status in statuses}


HotAnswers = Mapping[str, Callable[[Request], Awaitable[Response | None]]]
"""By path: what answers a GET before FastAPI sees it, or gives None to leave it to the route of that path."""


def build_app(
    service: str,
    title: str,
    settings: Settings,
    routers: list[APIRouter],
    hot: HotAnswers | None = None,
) -> FastAPI:
    """The application of one service, with everything under /api/{service}."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(app.state.cache.listen())
        yield
        listening.cancel()
        await app.state.database.close()
        await app.state.redis.aclose()

    prefix = f"/api/{service}"
    app = FastAPI(
        title=title,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        # Nobody collects it, and whether somebody does is asked of the environment at every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        responses=problems(401, 422, 429, 503),
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.redis = connect_redis(settings.redis_url.get_secret_value())
    app.state.cache = Cache(app.state.redis)
    app.state.tokens = TokenVerifier(settings.origin, settings.jwks_url)
    app.add_exception_handler(ApiError, _answer_api_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)
    app.add_exception_handler(StarletteHTTPException, _answer_http_exception)
    app.add_exception_handler(Exception, _answer_unexpected)
    # The one added last is met first: what the hot lane answers says itself how it may be kept.
    app.add_middleware(_NotKept)
    if hot:
        app.add_middleware(_HotLane, answers=hot)
    for router in [_health(prefix), *routers]:
        app.include_router(router, prefix="" if router.prefix.startswith("/.") else prefix)
    return app


class _NotKept:
    """An answer whose route says nothing of caches is one person's, of this moment: no browser or proxy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(event: Event) -> None:
            if event["type"] == "http.response.start":
                MutableHeaders(scope=event).setdefault("Cache-Control", "no-store")
            await send(event)

        await self._app(scope, receive, tell)


class _HotLane:
    """Routing, dependencies and telemetry take FastAPI several times as long as a cached answer does."""

    def __init__(self, app: ASGIApp, answers: HotAnswers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = None
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self._answers:
            try:
                response = await self._answers[scope["path"]](Request(scope))
            except ApiError as error:
                response = problem_response(error)
        await (response or self._app)(scope, receive, send)


# Dependencies -----------------------------------------------------------------------------------------


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def get_cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


Db = Annotated[Database, Depends(get_database)]
CacheDep = Annotated[Cache, Depends(get_cache)]


async def _reading(database: Db, caller: CurrentCaller) -> AsyncIterator[Reader]:
    async with database.read(caller) as reader:
        yield reader


async def _writing(database: Db, caller: CurrentCaller) -> AsyncIterator[Writer]:
    async with database.write(caller) as writer:
        yield writer


# scope="function": the commit comes before the response. With FastAPI's default the client has its 200 first,
# even when the commit then fails.
Reading = Annotated[Reader, Depends(_reading, scope="function")]
Writing = Annotated[Writer, Depends(_writing, scope="function")]


# Health -----------------------------------------------------------------------------------------------


class Health(BaseModel):
    status: str
    database: str
    redis: str


def _health(prefix: str) -> APIRouter:
    router = APIRouter()

    @router.get("/health", response_model=Health, tags=["health"])
    async def get_health(request: Request) -> Response:
        """200 while the database answers; Redis away makes the service slower, not unready."""
        database = redis = "up"
        try:
            await request.app.state.database.ping()
        except Unavailable:
            database = "down"
        try:
            await request.app.state.redis.ping()
        except RedisError:
            redis = "down"
        status = "unavailable" if database == "down" else "degraded" if redis == "down" else "ready"
        body = orjson.dumps({"status": status, "database": database, "redis": redis})
        return Response(body, 503 if database == "down" else 200, media_type="application/json")

    return router


# Errors -----------------------------------------------------------------------------------------------


def problem_response(error: ApiError) -> Response:
    headers = {"Cache-Control": "no-store", **error.headers}
    return Response(orjson.dumps(error.problem()), error.status, headers, PROBLEM_JSON)


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
    return Response(orjson.dumps(problem), error.status_code, error.headers, PROBLEM_JSON)


async def _answer_unexpected(request: Request, error: Exception) -> Response:
    return problem_response(ApiError())
