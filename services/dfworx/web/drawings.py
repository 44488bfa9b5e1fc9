"""SVG that is a drawing and nothing else. A document that could run, fetch or expand something is refused whole: what
is cleaned can be cleaned wrongly. It is handed out as a download and under a sandbox all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from dfworx.shared.errors import Invalid

LARGEST_SVG = 2_000_000
_SVG = "http://www.w3.org/2000/svg"
_MOST_DEEP = 200

# What runs, embeds or brings other markup, in any namespace; animation may set any attribute, a link's included.
_FORBIDDEN = frozenset(
    {
        *("script", "foreignobject", "iframe", "object", "embed", "audio", "video", "source", "link", "meta"),
        *("html", "body", "base", "form", "input", "handler", "listener", "set", "animate", "animatemotion"),
        *("animatetransform", "animatecolor", "a", "annotation-xml", "import", "include", "discard"),
    }
)
# Inside of the document, or a picture that carries its bytes with it. Possessive throughout (*+), as below: whoever
# writes two megabytes to be searched must not choose how often.
_LOCAL = re.compile(
    r"\s*+(?:#\S*+|data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*+)\s*+", re.ASCII
)
_URL = re.compile(r"url\s*+\(\s*+(['\"]?+)([^\s'\"()]{0,500}+)\1\s*+\)", re.IGNORECASE)
_DANGEROUS = re.compile(
    r"javascript\s*:|vbscript\s*:|data\s*:\s*(?!image/(?:png|jpeg|gif|webp|avif);)|expression\s*\(|@import|-moz-binding"
    r"|\bbehavior\s*:",
    re.IGNORECASE,
)
_CSS_ESCAPES = re.compile(r"\\|/\*")
_ADDRESSES = frozenset(
    {"href", "src", "data", "action", "formaction", "poster", "from", "to", "values", "by"}
)
_STYLED = frozenset(
    {
        "style",
        "fill",
        "stroke",
        "filter",
        "mask",
        "clip-path",
        "marker",
        "marker-start",
        "marker-mid",
        "marker-end",
    }
    | {"cursor", "color-profile", "src"}
)


class UnsafeDrawing(Invalid):
    code = "unsafe_svg"
    detail = (
        "This SVG holds more than a drawing: scripts, events, links, other documents or what isn't well-formed XML. "
        "Save it as plain SVG, or send it as PNG."
    )


def require_harmless(svg: bytes) -> None:
    """Raises UnsafeDrawing. Takes long enough to be called in a thread."""
    if len(svg) > LARGEST_SVG:
        raise UnsafeDrawing(f"An SVG may have {LARGEST_SVG // 1_000_000} MB at most. Send it as PNG.")
    depth = 0
    try:
        for event, node in _events(svg):
            if event == "pi":
                raise UnsafeDrawing
            depth += 1 if event == "start" else -1
            if depth > _MOST_DEEP:
                raise UnsafeDrawing
            if event == "start":
                _require_harmless_element(node, is_root=depth == 1)
            elif _name(node.tag) == "style":
                _require_harmless_style("".join(node.itertext()))
    # Bytes that are no text in the encoding which the document names, and encodings that aren't there.
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise UnsafeDrawing from None


def _events(svg: bytes) -> Iterator[tuple[str, Element]]:
    parser = DefusedXMLParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.parser.StartDoctypeDeclHandler = _require_bare_doctype
    parser.parser.XmlDeclHandler = _require_utf8
    pulled = XMLPullParser(["start", "end", "pi"], _parser=parser)
    for start in range(0, len(svg), 64 << 10):
        pulled.feed(svg[start : start + (64 << 10)])
        yield from cast(Iterator[tuple[str, Element]], pulled.read_events())
    pulled.close()
    yield from cast(Iterator[tuple[str, Element]], pulled.read_events())


def _require_bare_doctype(name: str, system: str | None, public: str | None, has_subset: int) -> None:
    # ElementTree doesn't tell of attributes that a DTD gives by default; browsers heed them.
    if has_subset:
        raise UnsafeDrawing


def _require_utf8(version: str, encoding: str | None, standalone: int) -> None:
    # A browser would read the bytes as it says: other words than the ones that were looked at.
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsafeDrawing


def _require_harmless_element(node: Element, *, is_root: bool) -> None:
    name = _name(node.tag)
    if name in _FORBIDDEN or (is_root and node.tag not in (f"{{{_SVG}}}svg", "svg")):
        raise UnsafeDrawing
    for key, value in node.attrib.items():
        attribute = _name(key)
        if attribute.startswith("on") or attribute == "base":
            raise UnsafeDrawing
        if attribute in _ADDRESSES and not _LOCAL.fullmatch(value):
            raise UnsafeDrawing
        if attribute in _STYLED or "url" in value.lower():
            _require_harmless_style(value)
        if _DANGEROUS.search(value):
            raise UnsafeDrawing


def _require_harmless_style(text: str) -> None:
    """No address but those inside of the document; escapes and comments could hide one."""
    if _CSS_ESCAPES.search(text) or _DANGEROUS.search(text):
        raise UnsafeDrawing
    if any(not _LOCAL.fullmatch(found[2]) for found in _URL.finditer(text)):
        raise UnsafeDrawing
    if len(_URL.findall(text)) != len(re.findall(r"url", text, re.IGNORECASE)) or "image-set" in text.lower():
        raise UnsafeDrawing


def _name(tag: object) -> str:
    """Without its namespace. Comments have a function for a tag."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
