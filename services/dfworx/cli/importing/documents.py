"""From the text of each file to a document as it will be stored, all but the organization's own ids. What can't
be used is named with its reason, what had to be changed or left out is a warning; neither stops the others. Pure.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import orjson

from dfworx.cli.importing.fields import Status, author_names, first_of, one_line, parse_date, read_status
from dfworx.cli.importing.folder import Note
from dfworx.cli.importing.front_matter import BadFrontMatter, FrontMatter, split_front_matter
from dfworx.cli.importing.links import Link, Outline, read_outline, replace_targets
from dfworx.web.posts.schemas import LARGEST_METADATA, LONGEST_CONTENT, LONGEST_SLUG, LONGEST_TITLE
from dfworx.web.text import make_slug

LONGEST_CATEGORY = 100
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
"""As a post's row has it (migration 013)."""
_TOLD_ELSEWHERE = frozenset({"title", "author", "authors"})


class Unusable(Exception):
    """Why no post can be made of a file, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Document:
    source: str
    """The file's path below the folder."""
    slug: str
    title: str
    content: str
    category: str | None
    """A category's name."""
    author: str | None
    """A person's name; None is the one who imports."""
    status: Status
    created_at: datetime | None
    metadata: dict[str, Any]
    """Without `import`, which holds source and digest."""
    outline: Outline = field(repr=False)

    @property
    def digest(self) -> str:
        """Of all that is stored, so that the same digest means nothing to do."""
        stored = [self.source, self.slug, self.title, self.content, self.category, self.author, self.status,
                  self.created_at, self.metadata]  # fmt: skip
        return hashlib.sha256(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_document(source: str, text: str, mapped: Mapping[str, Status]) -> tuple[Document, list[Note]]:
    """The document with its links as written; raises Unusable."""
    try:
        front_matter, content = split_front_matter(text)
    except BadFrontMatter as error:
        raise Unusable(str(error)) from None
    if not content.strip() and not front_matter.words:
        raise Unusable("is empty")
    content = content.strip("\n")
    _require_length(content)
    stem = _stem(source)
    slug = make_slug(stem, LONGEST_SLUG, otherwise="")
    if not slug:
        raise Unusable("has a name without letters or digits, so it gives no slug")
    outline = read_outline(content)
    words, notes = front_matter.words, list[Note]()
    names = author_names(words)
    status = read_status(words, mapped)
    document = Document(
        source=source,
        slug=slug,
        title=_title(first_of(words, "title") or one_line(outline.heading) or stem, source, notes),
        content=content,
        category=_category(first_of(words, "category", "type"), source, notes),
        # Nobody could see a draft whose owner has no account.
        author=names[0] if names and status != "draft" else None,
        status=status,
        created_at=_date(words, source, notes),
        metadata=_metadata(names, front_matter, source, notes),
        outline=outline,
    )
    return document, notes


def unique_by_slug(documents: Iterable[Document]) -> tuple[list[Document], list[Note]]:
    """One file of each slug, and why the others can't come too. A file named exactly as its slug goes before one
    that only comes to it, so that a newcomer seldom takes a post over; then the first by path."""
    originals = list(documents)
    kept: dict[str, Document] = {}
    for document in sorted(originals, key=lambda each: (_stem(each.source) != each.slug, each.source)):
        kept.setdefault(document.slug, document)
    skipped = [
        Note(each.source, f"gives the slug {each.slug}, and so does {kept[each.slug].source}")
        for each in originals
        if kept[each.slug] is not each
    ]
    return [each for each in originals if kept[each.slug] is each], skipped


def _stem(source: str) -> str:
    return posixpath.splitext(posixpath.basename(source))[0]


def connect_links(
    documents: Iterable[Document], others: Collection[str], skipped: Iterable[Note]
) -> tuple[list[Document], list[Note], list[Note]]:
    """Links to files that become posts lead to those posts. Also gives what became too long by it, and warnings
    of links to what isn't there; `others` are the folder's files that are no Markdown."""
    originals = list(documents)
    slugs = {document.source: document.slug for document in originals}
    left_out = {note.file for note in skipped} - set(others)
    connected: list[Document] = []
    unusable: list[Note] = []
    warnings: list[Note] = []
    for document in originals:
        replacements: list[tuple[Link, str]] = []
        missing: dict[str, Note] = {}
        for link in document.outline.links:
            path, slug = _find_post(document.source, link.target, slugs)
            if slug is None:
                missing.setdefault(path, Note(document.source, _missing(link, path, others, left_out)))
            elif link.start < 0:
                missing.setdefault(
                    path, Note(document.source, f"has a link to {path} that can't be rewritten")
                )
            else:
                replacements.append((link, f"/posts/{slug}{_behind_path(link.target)}"))
        content = replace_targets(document.content, replacements)
        try:
            _require_length(content)
        except Unusable as error:
            unusable.append(Note(document.source, str(error)))
            continue
        connected.append(replace(document, content=content))
        warnings += missing.values()
    return connected, unusable, warnings


def _find_post(source: str, target: str, slugs: Mapping[str, str]) -> tuple[str, str | None]:
    """The path that is meant, below the folder where it can be, and the post's slug if a file there becomes one."""
    written = unquote(target[: len(target) - len(_behind_path(target))])
    # A leading slash means the folder itself, as on a web site made of it.
    start = "" if written.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(start, written.lstrip("/")))
    for candidate in (path, f"{path}.md", f"{path}/index.md", f"{path}/README.md"):
        if candidate in slugs:
            return path, slugs[candidate]
    return path, None


def _behind_path(target: str) -> str:
    """The query and the fragment, with their marks."""
    cut = min((place for mark in "?#" if (place := target.find(mark)) >= 0), default=len(target))
    return target[cut:]


def _missing(link: Link, path: str, others: Collection[str], left_out: Collection[str]) -> str:
    verb = "shows" if link.is_image else "links to"
    if path in others:
        return f"{verb} {path}, which isn't Markdown and stays behind"
    if path in left_out:
        return f"{verb} {path}, which is skipped"
    return f"{verb} {path}, which isn't in the folder"


def _title(title: str, source: str, notes: list[Note]) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    notes.append(Note(source, f"has a title of {len(title):,} characters, cut to {LONGEST_TITLE}"))
    return title[: LONGEST_TITLE - 1].rstrip() + "…"


def _category(name: str, source: str, notes: list[Note]) -> str | None:
    if len(name) > LONGEST_CATEGORY:
        notes.append(
            Note(source, f"has a category of more than {LONGEST_CATEGORY} characters, so it gets none")
        )
        return None
    return name or None


def _date(words: Mapping[str, Any], source: str, notes: list[Note]) -> datetime | None:
    """`updated` is kept as written and only looked at: a post's own time of change is the import's."""
    moments = {}
    for key in ("created", "date", "updated"):
        word = one_line(words.get(key))
        moments[key] = parse_date(word) if word else None
        if (word or words.get(key)) and moments[key] is None:
            notes.append(
                Note(source, f"has a date in {key} that can't be understood: {word[:50] or 'a list'}")
            )
    written_at = moments["created"] or moments["date"]
    if written_at is not None and not _EARLIEST <= written_at <= datetime.now(UTC) + timedelta(days=1):
        notes.append(
            Note(source, f"is of {written_at.date()}, a day that no post can have, so it gets today's")
        )
        return None
    return written_at


def _metadata(names: list[str], front_matter: FrontMatter, source: str, notes: list[Note]) -> dict[str, Any]:
    rest = {key: value for key, value in front_matter.values.items() if key.lower() not in _TOLD_ELSEWHERE}
    metadata: dict[str, Any] = {"authors": names} if names else {}
    if rest:
        metadata["front_matter"] = rest
    # Leaves room for where it came from.
    if len(orjson.dumps(metadata)) > LARGEST_METADATA - 5_000:
        notes.append(
            Note(source, "has more front matter than a post can keep; only what is understood is kept")
        )
        return {"authors": names[:10]} if names else {}
    return metadata


def _require_length(content: str) -> None:
    if len(content) > LONGEST_CONTENT:
        raise Unusable(f"is too long: {len(content):,} characters, at most {LONGEST_CONTENT:,}")
