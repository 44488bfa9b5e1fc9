"""Media types: which one a file has by its own bytes, whether what its sender says agrees, and what of it a browser is
told. The bytes decide; a name or a header only chooses among what they could be. Only images that browsers decode
without running anything are ever shown in place, and no answer is HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath

import puremagic

from dfworx.shared.errors import Invalid

UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
HTML = "text/html"
SVG = "image/svg+xml"

RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""Decoded by every browser, and run by none: what may be shown in place."""

_PLAYED = frozenset(
    {
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/flac",
        "audio/mp4",
        "video/mp4",
        "video/webm",
        "video/ogg",
    }
)
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    "audio/mp3": "audio/mpeg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "application/x-gzip": "application/gzip",
    "application/x-zip-compressed": "application/zip",
    "application/x-pdf": "application/pdf",
    "application/xhtml+xml": HTML,
    "binary/octet-stream": UNKNOWN,
    # What curl says of any body.
    "application/x-www-form-urlencoded": UNKNOWN,
}
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")
_TEXTUAL = re.compile(
    r"text/.+|.+\+(?:json|xml)|application/(?:json|xml|yaml|x-yaml|toml|sql|javascript|x-.+|ld\+json)"
)
_BINARY = re.compile(
    r"(?:image|audio|video|font)/.+|application/(?:pdf|zip|gzip|vnd\.(?!.*\+(?:json|xml)).+)"
)
# The root element, after what may come before it; HTML also by any element that browsers take for it.
# Possessive throughout (*+): what comes before the root must not be tried in every way of cutting it up.
_BEFORE_ROOT = r"\ufeff?(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
_DOCTYPE = r"(?><!doctype[^>\[]*+(?:\[.*?\]\s*+)?>)?+"
_SVG_ROOT = re.compile(
    rf"{_BEFORE_ROOT}{_DOCTYPE}{_BEFORE_ROOT}<(?:[\w.-]+:)?svg[\s/>]", re.IGNORECASE | re.DOTALL
)
_HTML_ROOT = re.compile(
    rf"{_BEFORE_ROOT}"
    r"<(?:!doctype\s+html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)


class WrongType(Invalid):
    code = "wrong_type"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says of a file."""

    media_type: str
    name: str

    @property
    def extension(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


def read_claim(content_type: str, name: str) -> Claim:
    """Raises WrongType for what is no media type. None said is UNKNOWN, which contradicts nothing."""
    if not content_type.strip():
        return Claim(UNKNOWN, name)
    message = Message()
    message["content-type"] = content_type
    given = content_type.split(";")[0].strip().lower()
    if not _TYPE.fullmatch(given) or message.get_content_type() != given:
        raise WrongType("The Content-Type isn't a media type. Send the file's, such as image/png, or none.")
    return Claim(_ALIASES.get(given, given), name)


def looks_like_svg(head: str, claim: Claim) -> bool:
    return claim.media_type == SVG or claim.extension in (".svg", ".svgz") or bool(_SVG_ROOT.match(head))


def type_of_text(head: str, claim: Claim) -> str:
    """For what is UTF-8 throughout and no SVG. Raises WrongType."""
    if _BINARY.fullmatch(claim.media_type):
        raise _contradiction(claim, "text")
    if claim.media_type == HTML or _HTML_ROOT.match(head):
        return HTML
    if _TEXTUAL.fullmatch(claim.media_type):
        return claim.media_type
    return PLAIN


def type_of_binary(head: bytes, claim: Claim) -> str:
    """For what is neither text nor one of RASTER. Raises WrongType."""
    found = _by_magic(head, claim)
    said = claim.media_type
    if said == UNKNOWN or said == found:
        return found
    if _TEXTUAL.fullmatch(said) and not said.startswith("application/x-"):
        raise WrongType(
            f"This is said to be {said}, but it isn't text in UTF-8. Save it as UTF-8, or send it as {UNKNOWN}."
        )
    kinds = {said.split("/")[0], found.split("/")[0]}
    if said in RASTER or "application/pdf" in (said, found) or (found != UNKNOWN and len(kinds) > 1):
        if kinds != {"audio", "video"}:
            raise _contradiction(claim, found)
    # Containers of one kind are told apart by their makers alone: MP4 with or without pictures, ZIP with a document.
    return found if found == UNKNOWN or kinds == {"image"} else said


def _by_magic(head: bytes, claim: Claim) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    named = [
        match for match in matches if _TYPE.fullmatch(match.mime_type) and match.extension == claim.extension
    ]
    sure = [match for match in matches if _TYPE.fullmatch(match.mime_type) and match.confidence >= 0.4]
    if not (named or sure):
        return UNKNOWN
    found = (named or sure)[0].mime_type
    found = _ALIASES.get(found, found)
    # Its list has several documents that are ZIP files first; text is not what got here.
    if not named and head.startswith(b"PK\x03\x04"):
        return "application/zip"
    return UNKNOWN if _TEXTUAL.fullmatch(found) and not found.startswith("application/x-") else found


def _contradiction(claim: Claim, found: str) -> WrongType:
    what = "something else" if found == UNKNOWN else found
    return WrongType(
        f"This is said to be {claim.media_type}, but it is {what}. Send its own type, or {UNKNOWN}.",
        found=found,
    )


def require_same(claim: Claim, found: str) -> str:
    """For images, which are what they are. Raises WrongType."""
    if claim.media_type not in (UNKNOWN, found):
        raise _contradiction(claim, found)
    return found


# What a browser is told -----------------------------------------------------------------------------------


def delivered_as(media_type: str) -> str:
    """Text of any kind as text: neither HTML nor XML nor scripts are ever handed out as what they are."""
    if (
        media_type in RASTER
        or media_type in _PLAYED
        or media_type in (SVG, "application/pdf", "application/zip")
    ):
        return media_type
    return f"{PLAIN}; charset=utf-8" if _TEXTUAL.fullmatch(media_type) else UNKNOWN


def is_shown_in_place(media_type: str) -> bool:
    return media_type in RASTER
