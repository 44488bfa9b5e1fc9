"""Names of files: for people to read and never a path. One that could be taken for a path, or shown as another than
it is, is refused with the reason and not mended: whoever sent it chooses a better one."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from dfworx.shared.errors import Invalid

LONGEST_NAME = 255
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE
)
# Cf turns the direction of writing or can't be seen; the joiners among them belong to words of many scripts.
_REFUSED_KINDS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_JOINERS = "\u200c\u200d"


class BadName(Invalid):
    code = "bad_file_name"


def require_name(given: str) -> str:
    """The name in one form of Unicode, without spaces at its ends. Raises BadName."""
    name = unicodedata.normalize("NFC", given).strip()
    if not name:
        raise BadName("Give the file a name, as in ?name=report.pdf")
    if "/" in name or "\\" in name or name in (".", ".."):
        raise BadName("A file's name can't have slashes or be a path. Send the name alone, as in report.pdf")
    for character in name:
        if unicodedata.category(character) in _REFUSED_KINDS and character not in _JOINERS:
            raise BadName(
                "A file's name can't have characters that aren't seen. Leave out what isn't a letter."
            )
    if len(name) > LONGEST_NAME or len(name.encode()) > LONGEST_NAME:
        raise BadName(f"A file's name has {LONGEST_NAME} bytes at most. Give it a shorter one.")
    if any(character in '<>:"|?*' for character in name):
        raise BadName("A file's name can't have any of < > : \" | ? *, which not every computer can keep.")
    if _RESERVED.fullmatch(name) or name.endswith("."):
        raise BadName("Windows can't keep a file of this name. Give it another.")
    return name


def disposition(kind: str, name: str) -> str:
    """Content-Disposition by RFC 6266: for old clients what is ASCII of the name, for all others the whole."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'[^\w.,()\[\]{}=+~!@#$&\' -]|["\\%]', "_", plain, flags=re.ASCII).strip() or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
