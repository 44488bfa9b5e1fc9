"""What a service is told by its environment. Built once by the service's factory and passed on: no other
module reads the environment, so tests build a Settings by hand. Outside development a missing or placeholder
secret stops the start here, with the name of the variable. What changes while a service runs, its keys, is in
files that are watched: the rest of the service asks for the key of the moment."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

logger = logging.getLogger("dfworx.settings")

PLACEHOLDERS = ("changeme", "change-me", "placeholder", "example", "secret", "password", "insecure")


class Settings(BaseSettings):
    # Most of it is secret: an error tells what is wrong, never what was given.
    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    env: Literal["development", "production"] = Field("development", validation_alias="DFWORX_ENV")
    origin: str = Field("http://localhost:3000", validation_alias="DFWORX_ORIGIN")
    """Where browsers reach the gateway; also the issuer of tokens."""
    database_url: SecretStr = Field(validation_alias="DFWORX_DATABASE_URL")
    """The service's own login role: its password and its seal key belong to it alone."""
    database_connections: int = Field(10, ge=1, le=40, validation_alias="DFWORX_DATABASE_CONNECTIONS")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    seal_key_file: Path | None = Field(None, validation_alias="DFWORX_SEAL_KEY_FILE")
    """Number and key as `KID:HEX`, taken again when the file changes: a rotation needs no restart."""
    seal_kid: int = Field(1, ge=1, le=999_999, validation_alias="DFWORX_SEAL_KID")
    seal_key: SecretStr | None = Field(None, validation_alias="DFWORX_SEAL_KEY")
    """Without a file: hex of the 32 bytes that the database knows this service by."""
    jwks_url: str = Field("http://127.0.0.1/.well-known/jwks.json", validation_alias="DFWORX_JWKS_URL")
    jwt_keys: Path | None = Field(None, validation_alias="DFWORX_JWT_KEYS")
    """The signing keys, for the auth service alone."""
    password_key: SecretStr | None = Field(None, validation_alias="DFWORX_PASSWORD_KEY")
    """For the auth service alone: the keys that password hashes are sealed with, the newest first."""
    home: Path = Field(Path(".dfworx"), validation_alias="DFWORX_HOME")
    """The install's state folder. The worker writes its sign of life there, and mail when there is no SMTP."""
    files_url: str | None = Field(None, validation_alias="DFWORX_FILES_URL")
    """Where files are kept, such as s3://BUCKET/PREFIX; a folder of the home when there is none."""
    file_megabytes: int = Field(50, ge=1, le=5000, validation_alias="DFWORX_FILE_MEGABYTES")
    """The largest file that is taken, in millions of bytes."""
    storage_gigabytes: int = Field(10, ge=1, le=1_000_000, validation_alias="DFWORX_STORAGE_GIGABYTES")
    """How much an organization's files may take in all, in thousands of millions of bytes."""
    file_key: SecretStr | None = Field(None, validation_alias="DFWORX_FILE_KEY")
    """For the web service alone: what addresses of files are signed with, as hex of 32 bytes."""
    internal_key: SecretStr | None = Field(None, validation_alias="DFWORX_INTERNAL_KEY")
    """For the web service alone: what Convex's functions sign their requests with, as hex of 32 bytes."""
    auth_url: str = Field("", validation_alias="DFWORX_AUTH_URL")
    """For the admin service alone: where it asks the auth service for its health; else through the gateway."""
    web_url: str = Field("", validation_alias="DFWORX_WEB_URL")
    """The same of the web service."""
    convex_url: str = Field("", validation_alias="DFWORX_CONVEX_URL")
    """For the worker, and for the admin service, which asks for its health: where they reach the Convex deployment."""
    convex_admin_key: SecretStr | None = Field(None, validation_alias="CONVEX_ADMIN_KEY")
    """For the worker alone, as are all that follow."""
    smtp_url: SecretStr | None = Field(None, validation_alias="DFWORX_SMTP_URL")
    mail_from: str = Field("", validation_alias="DFWORX_MAIL_FROM")
    webhook_url: str = Field("", validation_alias="DFWORX_WEBHOOK_URL")
    webhook_secret: SecretStr | None = Field(None, validation_alias="DFWORX_WEBHOOK_SECRET")

    @field_validator("origin")
    @classmethod
    def without_trailing_slash(cls, origin: str) -> str:
        return origin.rstrip("/")

    @field_validator("seal_key", "file_key", "internal_key")
    @classmethod
    def of_32_bytes(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", key.get_secret_value()):
            raise ValueError("write 32 bytes as 64 hexadecimal digits")
        return key

    @field_validator("password_key")
    @classmethod
    def keys_of_32_bytes(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None and not re.fullmatch(
            r"[0-9a-fA-F]{64}(,[0-9a-fA-F]{64})*", keys.get_secret_value()
        ):
            raise ValueError("write 32 bytes as 64 hexadecimal digits, and a comma before each older key")
        return keys

    @model_validator(mode="after")
    def one_seal_key(self) -> Self:
        if (self.seal_key is None) == (self.seal_key_file is None):
            raise ValueError("set DFWORX_SEAL_KEY_FILE, or else DFWORX_SEAL_KID and DFWORX_SEAL_KEY")
        try:
            self.read_seal_key()
        except OSError as error:
            raise ValueError(f"DFWORX_SEAL_KEY_FILE: {self.seal_key_file}: {error.strerror}") from None
        return self

    @model_validator(mode="after")
    def a_secret_for_the_webhook(self) -> Self:
        if (
            self.webhook_url
            and len(self.webhook_secret.get_secret_value() if self.webhook_secret else "") < 24
        ):
            raise ValueError(
                "set DFWORX_WEBHOOK_SECRET to at least 24 random characters, which sign each event"
            )
        return self

    @model_validator(mode="after")
    def no_placeholders(self) -> Self:
        if self.env == "development":
            return self
        urls = self.database_url.get_secret_value().lower(), self.redis_url.get_secret_value().lower()
        keys = [self.read_seal_key()[1], *self.password_keys]
        keys += [bytes.fromhex(key.get_secret_value()) for key in (self.file_key, self.internal_key) if key]
        weak_key = any(len(set(key.hex())) < 6 for key in keys)
        if weak_key or any(f":{word}@" in url for url in urls for word in PLACEHOLDERS):
            raise ValueError("a placeholder secret is set; outside development every secret must be real")
        return self

    @property
    def password_keys(self) -> list[bytes]:
        """Empty for every service but auth."""
        keys = self.password_key.get_secret_value() if self.password_key else ""
        return [bytes.fromhex(key) for key in keys.split(",") if key]

    def read_seal_key(self) -> tuple[int, bytes]:
        """Number and key as they are now. Raises OSError or ValueError when a file can't be used."""
        if self.seal_key_file is not None:
            return parse_seal_key(self.seal_key_file.read_text(encoding="utf-8"))
        assert self.seal_key is not None
        return self.seal_kid, bytes.fromhex(self.seal_key.get_secret_value())


def read_settings() -> Settings:
    """The settings of this process, or a one-line exit that names what is missing or wrong."""
    try:
        return Settings()  # the values come from the environment
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"This service can't start. {told}") from None


# What changes while a service runs -------------------------------------------------------------------------------

REREAD_SECONDS = 1.0
"""At most this long after a file has changed, what it holds now is used."""

T = TypeVar("T")


class WatchedFile(Generic[T]):
    """What a small private file says, as of at most REREAD_SECONDS ago. Asking costs one look at the clock, and
    once a second a stat: no thread and no signal. A file that can't be used leaves what was read before in place,
    is told of in one line, and is tried again."""

    def __init__(
        self, path: Path, parse: Callable[[str], T], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`parse` raises ValueError for what it can't use. Here that is raised, and OSError: there is nothing to
        go on with."""
        self._path = path
        self._parse = parse
        self._clock = clock
        self._complaint = ""
        self._look_again_at = clock() + REREAD_SECONDS
        self._seen, self._value = self._read()

    def value(self) -> T:
        if self._clock() >= self._look_again_at:
            self._look()
        return self._value

    def _look(self) -> None:
        self._look_again_at = self._clock() + REREAD_SECONDS
        complaint = ""
        try:
            if _fingerprint(self._path.stat()) != self._seen:
                self._seen, self._value = self._read()
        except OSError as error:
            complaint = error.strerror or "it can't be read"
        except ValueError:
            # Not the error's own text: it could tell what the file holds.
            complaint = "it is not what it should be"
        if complaint and complaint != self._complaint:
            logger.warning(
                "The file %s can't be used (%s); what it said before holds.", self._path, complaint
            )
        self._complaint = complaint

    def _read(self) -> tuple[tuple[int, ...], T]:
        with self._path.open(encoding="utf-8") as file:
            # Of the very file that is read: one that replaces it meanwhile is seen at the next look.
            seen = _fingerprint(os.fstat(file.fileno()))
            return seen, self._parse(file.read())


def _fingerprint(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def parse_seal_key(text: str) -> tuple[int, bytes]:
    """A seal key's number and its 32 bytes, of `KID:HEX`. Raises ValueError, which doesn't repeat the text."""
    found = re.fullmatch(r"([1-9][0-9]{0,5}):([0-9a-fA-F]{64})\s*", text)
    if found is None:
        raise ValueError(
            "write the key's number, from 1 to 999999, and 32 bytes as 64 hexadecimal digits: KID:HEX"
        )
    return int(found[1]), bytes.fromhex(found[2])
