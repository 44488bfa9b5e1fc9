"""Lists as files, sent piece by piece: however long a list is, no more of it than a page is held. The first page is
read before the answer begins, so what stands in its way is still told as a problem."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal

import orjson
from fastapi.responses import StreamingResponse

Format = Literal["csv", "json"]
Row = Mapping[str, Any]
Pages = AsyncIterator[Sequence[Row]]
PAGE = 500
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, "application/json": {}}}}
"""What such a route answers, for its description."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate, and not show."""


async def export_response(name: str, form: Format, columns: Sequence[str], pages: Pages) -> StreamingResponse:
    """Rows have each of the columns. As JSON values stay what they are; as CSV they are texts."""
    first: Sequence[Row] = await anext(pages, [])
    write = _write_csv if form == "csv" else _write_json
    return StreamingResponse(
        write(columns, _again(first, pages)),
        media_type="text/csv; charset=utf-8" if form == "csv" else "application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"},
    )


async def _again(first: Sequence[Row], pages: Pages) -> Pages:
    yield first
    async for page in pages:
        yield page


async def _write_csv(columns: Sequence[str], pages: Pages) -> AsyncIterator[bytes]:
    yield _lines([columns])
    async for page in pages:
        if page:
            yield _lines([[_cell(row[column]) for column in columns] for row in page])


async def _write_json(columns: Sequence[str], pages: Pages) -> AsyncIterator[bytes]:
    between = b"["
    async for page in pages:
        for row in page:
            yield between + orjson.dumps({column: row[column] for column in columns})
            between = b",\n"
    yield b"[]" if between == b"[" else b"]"


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value).decode().strip('"')
    return f"'{text}" if text.startswith(_FORMULA) else text
