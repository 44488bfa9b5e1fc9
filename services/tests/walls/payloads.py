"""Texts that an attacker puts where a text goes: SQL, wildcards, JSON, Unicode, paths, headers, templates. Made from
a small grammar of beginnings, acts and ends, and each short list is the classics of its kind."""

from __future__ import annotations

from collections.abc import Iterator

from tests.walls.filling import FOREIGN

_QUOTES = ("'", '"', "')", "$$", "")
_ACTS = (
    " or 1=1",
    f" or organization_id='{FOREIGN.organization_id}'",
    " union select name from public.organizations",
    "; select set_config('dfx.ctx', '', true)",
    "||(select string_agg(name, ',') from public.users)||",
    "; drop table app_web.posts",
)
_ENDS = (" --", "/*")

_SQL = ("%", "_", "%%", "\\", "\\%", "'", "''", '"', ";", "--", "$1", "{0}", "%s", "%(x)s", ":x", "null", "true",
        "1/0", "E'\\x27'", "U&'\\0027'", "pg_sleep(0)", "*", "*:*", "a:*", "a & b", "!a", "(a | b", "<->",
            "'a':A")  # fmt: skip
_UNICODE = ("\u202e", "\u200b", "\ufeff", "\uff07 or 1=1", "\u02bc", "e\u0301" * 50, "\U0001f600", "\ud83d".encode(
    "utf-16", "surrogatepass").decode("utf-16", "replace"), "\u0000", "\x1b[31m", "\x7f", "\u2028", "İ", "ß", "ﬁ",
    "\ufdfa" * 20)  # fmt: skip
_JSON = (
    "{}",
    "[]",
    '{"$ne": null}',
    '{"organization_id": "x"}',
    "[1]",
    "NaN",
    "1e999",
    '"',
    "null",
    "\\u0000",
)
_PATHS = ("../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "C:\\x", ".", "..",
          "//evil.example", "%00", "%2e%2e", "a/b", "?x=1", "#x")  # fmt: skip
_HEADERS = ("a\r\nX-Organization: b", "a\nSet-Cookie: x=1", "a%0d%0aLocation: x", "\r\n\r\n")
_TEMPLATES = ("{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{%debug%}", "{user.__class__}", "<script>alert(1)</script>",
              "<!--#exec cmd='id'-->", "$(id)", "`id`", "|id", "&& id")  # fmt: skip
_LONG = ("a" * 3000, "'" * 500, "%" * 500, "(" * 500, "\\" * 501)


def payloads() -> Iterator[str]:
    for quote in _QUOTES:
        for act in _ACTS:
            for end in _ENDS:
                yield quote + act + end
    for some in (_SQL, _UNICODE, _JSON, _PATHS, _HEADERS, _TEMPLATES, _LONG):
        yield from some


# Bodies that aren't what the description says: the value in place of a text.
MISFITS: tuple[object, ...] = (None, 0, -1, 1.5, True, [], {}, ["a"], {"a": "b"}, {"$gt": ""}, 10**30)
