"""Every refusal a client can meet, as one tree, and its one wire form: RFC 9457 problem details with a
stable `code`. A slice subclasses where it raises; codes outlive class names. Absent and forbidden rows both answer 404.

ApiError(status, code, detail)
|- Unauthenticated 401   |- NotAllowed 403       |- NotFound 404
|- Conflict 409          |- Stale 412            |- Invalid 422
|- VersionRequired 428   |- TooMany 429          `- Unavailable 503
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

PROBLEM_JSON = "application/problem+json"


class ApiError(Exception):
    """A refusal with its reason. `detail` is a sentence for people that says what to do; extra members travel
    in the problem document beside it."""

    status: ClassVar[int] = 500
    code: str = "internal"
    detail: str = "Something failed on our side. Nothing was changed; try again."

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.detail = detail or type(self).detail
        self.code = code or type(self).code
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(self.detail)

    def problem(self) -> dict[str, Any]:
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.members,
        }


class Unauthenticated(ApiError):
    status = 401
    code = "unauthenticated"
    detail = "Sign in to do this."

    def __init__(self, detail: str | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **more)


class NotAllowed(ApiError):
    status = 403
    code = "not_allowed"
    detail = "Your role in this organization doesn't allow this."


class NotFound(ApiError):
    status = 404
    code = "not_found"
    detail = "This doesn't exist, or it isn't shared with you."


class Conflict(ApiError):
    status = 409
    code = "conflict"
    detail = "This is in conflict with what is already there."


class Stale(ApiError):
    status = 412
    code = "stale_version"
    detail = "Somebody saved a newer version. Read it again before you save."


class Invalid(ApiError):
    status = 422
    code = "invalid"
    detail = "Some of what was sent can't be used."


class VersionRequired(ApiError):
    status = 428
    code = "version_required"
    detail = "Send If-Match with the ETag of the version you changed."


class TooMany(ApiError):
    status = 429
    code = "too_many"
    detail = "Too many tries. Wait a little and try again."


class Unavailable(ApiError):
    status = 503
    code = "unavailable"
    detail = "A part of the service doesn't answer. Try again in a moment; nothing was changed."

    def __init__(self, detail: str | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"Retry-After": "1"}, **more)
