"""Conditional requests (RFC 9110, section 13): lists carry a hash of their bytes and are not sent again while it
holds; a post carries its version, and an edit names the version it was made from. A post's version isn't a
hash of its answer (a comment or the author's new name changes the answer, not the version), so reading a post
never answers 304."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from dfworx.shared.errors import Invalid, Stale, VersionRequired

CACHE_CONTROL = "private, no-cache"
_JSON = "application/json"

# A gateway that compresses on the fly makes "3" into "3-gzip" (Caddy) or W/"3" (nginx), and browsers send back
# what they got. The tag is the number of a version, never of a compression, so both still name it.
# Without white space at its ends, which is stripped before: matching it here took quadratic time.
_TAG = re.compile(r'(?:W/)?"?([^",\s]*?)(?:-(?:gzip|zstd|br))?"?')


def list_response(request: Request, body: bytes) -> Response:
    """The bytes as they are, or 304 when the client has them."""
    tag = _tag_of(body)
    headers = {"ETag": f'"{tag}"', "Cache-Control": CACHE_CONTROL}
    known = request.headers.get("if-none-match")
    if known is not None and (known.strip() == "*" or tag in _tags(known)):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=_JSON)


@lru_cache(256)  # the same bytes are sent again and again while the process keeps them
def _tag_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def version_response(
    body: bytes, version: int, status: int = 200, *, location: str | None = None
) -> Response:
    headers = {"ETag": f'"{version}"', "Cache-Control": CACHE_CONTROL}
    if location is not None:
        headers["Location"] = location
    return Response(body, status, headers, _JSON)


class Precondition:
    """Which versions an If-Match names. `*` names any: whoever sends it wants to overwrite what is there."""

    def __init__(self, header: str | None) -> None:
        self._any = header is None or header.strip() == "*"
        self._tags = set() if header is None else _tags(header)
        if not self._any and not self._tags - {""}:
            raise Invalid('If-Match must name a version, as in "3".', code="invalid_if_match")

    def require(self, version: int) -> None:
        """Raises Stale, with the version there is now."""
        if not self._any and str(version) not in self._tags:
            raise Stale(headers={"ETag": f'"{version}"'}, version=version)


def _if_match(if_match: Annotated[str | None, Header(max_length=1000)] = None) -> Precondition:
    return Precondition(if_match)


def _required_if_match(if_match: Annotated[str | None, Header(max_length=1000)] = None) -> Precondition:
    # Optional for FastAPI, so that its absence is 428 and not 422.
    if if_match is None:
        raise VersionRequired
    return Precondition(if_match)


IfMatch = Annotated[Precondition, Depends(_if_match)]
RequiredIfMatch = Annotated[Precondition, Depends(_required_if_match)]


def _tags(header: str) -> set[str]:
    return {match.group(1) for each in header.split(",") if (match := _TAG.fullmatch(each.strip()))}
