"""What a file is, found out while its bytes go past: hash, size, media type, a picture's measures. Only what must be
seen whole is kept beside the way: an SVG, which is small, in memory, and a picture on disk. It says what is wrong only
at the end, so its verdict must come before what was written is complete."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self, cast

from dfworx.web import drawings, images
from dfworx.web.images import Size
from dfworx.web.media_types import (
    SVG,
    Claim,
    looks_like_svg,
    require_same,
    type_of_binary,
    type_of_text,
)

_HEAD = 4096
_KEPT_IN_MEMORY = 1 << 20
# Some pictures are read whole to be measured: two at a time. No thread starts before the first of them.
_measuring = ThreadPoolExecutor(2, thread_name_prefix="measuring")


@dataclass(frozen=True, slots=True)
class Found:
    media_type: str
    size_bytes: int
    sha256: bytes
    measures: Size | None


class Inspection:
    """Of one file, whose sender says `claim`."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._size = 0
        self._hash = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_text = True
        self._undecided: bytearray | None = bytearray()
        """The beginning, until there is enough of it to say whether all must be kept."""
        self._head = b""
        self._may_be_svg = False
        self._raster: str | None = None
        """The media type of a picture, by its beginning."""
        self._kept: BinaryIO | None = None
        """The picture, or what may be an SVG; None when the bytes needn't be seen again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._kept is not None:
            self._kept.close()

    @property
    def size_bytes(self) -> int:
        return self._size

    def look(self, chunk: bytes) -> None:
        """The next bytes."""
        self._size += len(chunk)
        self._hash.update(chunk)
        self._read_as_text(chunk)
        if self._undecided is not None:
            self._undecided += chunk
            if len(self._undecided) >= _HEAD:
                self._decide(self._undecided)
        elif self._kept is not None:
            self._kept.write(chunk)

    def _decide(self, beginning: bytearray) -> None:
        self._undecided = None
        self._head = bytes(beginning[:_HEAD])
        self._raster = images.raster_type(self._head)
        self._may_be_svg = self._raster is None and looks_like_svg(self._head_as_text(), self._claim)
        if self._raster or self._may_be_svg:
            self._kept = cast(BinaryIO, tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY))
            self._kept.write(beginning)

    def _head_as_text(self) -> str:
        return self._head.decode("utf-8", "replace")

    def _read_as_text(self, chunk: bytes, *, final: bool = False) -> None:
        if self._is_text:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self._is_text = False
            if b"\0" in chunk:
                self._is_text = False

    async def conclude(self) -> Found:
        """Raises WrongType, BrokenImage, TooManyPixels, UnsafeDrawing."""
        self._read_as_text(b"", final=True)
        if self._undecided is not None:
            self._decide(self._undecided)
        measures: Size | None = None
        if self._raster is not None:
            media_type = require_same(self._claim, self._raster)
            measures = await asyncio.get_running_loop().run_in_executor(_measuring, self._measure, media_type)
        elif self._is_text and self._may_be_svg:
            media_type = SVG
            await asyncio.to_thread(self._require_harmless_drawing)
        elif self._is_text:
            media_type = type_of_text(self._head_as_text(), self._claim)
        else:
            media_type = type_of_binary(self._head, self._claim)
        return Found(media_type, self._size, self._hash.digest(), measures)

    def _measure(self, media_type: str) -> Size:
        assert self._kept is not None
        return images.measure(self._kept, media_type)

    def _require_harmless_drawing(self) -> None:
        assert self._kept is not None
        self._kept.seek(0)
        drawings.require_harmless(self._kept.read(drawings.LARGEST_SVG + 1))
