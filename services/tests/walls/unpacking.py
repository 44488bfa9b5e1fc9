"""What an answer says, also where it is packed: nothing of another organization hides in an archive."""

from __future__ import annotations

from io import BytesIO
from typing import Protocol
from zipfile import ZipFile

ZIP = b"PK"


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text_of(answer: Answer) -> str:
    content = answer.content
    if not content.startswith(ZIP):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(
            f"{each}\n{archive.read(each).decode(errors='replace')}" for each in sorted(archive.namelist())
        )
