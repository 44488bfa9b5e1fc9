"""Texts that requests carry: what PostgreSQL can't keep, NUL and lone surrogates, is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("unstorable", "This holds characters that can't be stored. Leave them out.")
    return text


Text = Annotated[str, AfterValidator(_storable)]
