"""How large a picture is, from its headers: nothing is decoded here, so that a small file can't become gigabytes. One
that would, in the browser of whoever looks at it, is refused: too many pixels, or too many of them in its frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, BinaryIO, NamedTuple, cast

from PIL import Image, UnidentifiedImageError

from dfworx.shared.errors import Invalid

MOST_PIXELS = 50_000_000
MOST_FRAMES = 2_000
MOST_PIXELS_IN_FRAMES = 1_000_000_000
# Of a GIF of 50 MB there are half as many; smaller ones would keep a thread busy for minutes.
_MOST_BLOCKS = 400_000
_MOST_READS = 10_000
_LONGEST_SIDE = 65_535

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_AVIF_BRANDS = (b"avif", b"avis")


class BrokenImage(Invalid):
    code = "broken_image"
    detail = "This picture can't be read: it is cut off or damaged. Save it anew and send that."


class TooManyPixels(Invalid):
    code = "too_many_pixels"
    detail = (
        f"This picture is too large: at most {MOST_PIXELS // 1_000_000} megapixels are taken, and "
        f"{MOST_PIXELS_IN_FRAMES // 1_000_000} in all frames of a moving one. Send a smaller one."
    )


class Size(NamedTuple):
    width: int
    height: int


def raster_type(head: bytes) -> str | None:
    """The media type of a picture that begins so; None for anything else."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and (
        head[8:12] in _AVIF_BRANDS or any(each in head[16:40] for each in _AVIF_BRANDS)
    ):
        return "image/avif"
    return None


def measure(file: BinaryIO, media_type: str) -> Size:
    """Raises BrokenImage, TooManyPixels. Takes long enough to be called in a thread."""
    file.seek(0)
    # Pillow makes room for two whole frames of a WebP when it opens one, and walks through every frame of a GIF.
    if media_type == "image/webp":
        size, frames = _measure_webp(file)
    elif media_type == "image/gif":
        size, frames = _measure_gif(file)
    else:
        size, frames = _measure_other(file, media_type)
    if size.width < 1 or size.height < 1 or max(size) > _LONGEST_SIDE:
        raise BrokenImage
    pixels = size.width * size.height
    if pixels > MOST_PIXELS or frames > MOST_FRAMES or pixels * frames > MOST_PIXELS_IN_FRAMES:
        raise TooManyPixels(width=size.width, height=size.height, frames=frames)
    return size


def _measure_other(file: BinaryIO, media_type: str) -> tuple[Size, int]:
    try:
        with Image.open(
            cast(IO[bytes], _Sparing(file)), formats=[media_type.removeprefix("image/").upper()]
        ) as image:
            # MPO is a JPEG with more pictures behind it, of which browsers show the first.
            frames = 1 if media_type == "image/jpeg" else int(getattr(image, "n_frames", 1))
            return Size(*image.size), frames
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
    ):
        raise BrokenImage from None


class _Sparing:
    """A file that is read so and so often: Pillow walks through all that comes before the picture, piece by piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reads = 0
        self.seek = file.seek
        self.tell = file.tell

    def read(self, count: int = -1) -> bytes:
        self._reads += 1
        if self._reads > _MOST_READS:
            raise BrokenImage
        return self._file.read(count)


def _measure_webp(file: BinaryIO) -> tuple[Size, int]:
    """RIFF chunks: VP8X says the canvas, ANMF is a frame; without VP8X the one picture says its size."""
    header = _exactly(file, 12)
    end = 8 + int.from_bytes(header[4:8], "little")
    size: Size | None = None
    frames = 0
    for _ in range(_MOST_BLOCKS):
        if file.tell() + 8 > end:
            break
        name = _exactly(file, 4)
        length = int.from_bytes(_exactly(file, 4), "little")
        start = file.tell()
        if size is None:
            size = _webp_size(name, file.read(min(length, 10)))
        frames += name == b"ANMF"
        if frames > MOST_FRAMES:
            break
        file.seek(start + length + length % 2)
    else:
        raise BrokenImage
    if size is None:
        raise BrokenImage
    return size, max(frames, 1)


def _webp_size(name: bytes, data: bytes) -> Size:
    if len(data) < (5 if name == b"VP8L" else 10):
        raise BrokenImage
    if name == b"VP8X":
        return Size(1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little"))
    if name == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if name == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return Size(width, height)
    raise BrokenImage


def _measure_gif(file: BinaryIO) -> tuple[Size, int]:
    """GIF89a, section 15 on: the screen, then extensions and images in blocks of at most 255 bytes. A frame may be
    larger than the screen says, and browsers make room for it."""
    header = _exactly(file, 13)
    size = Size(*(int.from_bytes(header[at : at + 2], "little") for at in (6, 8)))
    _skip_colours(file, header[10])
    frames = 0
    budget = iter(range(_MOST_BLOCKS))
    for _ in budget:
        match _exactly(file, 1):
            case b"!":
                _exactly(file, 1)
            case b",":
                place = _exactly(file, 9)
                left, top, width, height = (
                    int.from_bytes(place[at : at + 2], "little") for at in (0, 2, 4, 6)
                )
                size = Size(max(size.width, left + width), max(size.height, top + height))
                _skip_colours(file, place[8])
                _exactly(file, 1)
                frames += 1
            case b";":
                break
            case _:
                raise BrokenImage
        if frames > MOST_FRAMES:
            break
        _skip_blocks(file, budget)
    else:
        raise BrokenImage
    if not frames:
        raise BrokenImage
    return size, frames


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)


def _skip_blocks(file: BinaryIO, budget: Iterator[int]) -> None:
    for _ in budget:
        length = _exactly(file, 1)[0]
        if not length:
            return
        file.seek(length, 1)
    raise BrokenImage


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise BrokenImage
    return data
