"""What a service is told by its environment. Built once by the service's factory and passed on: no other
module reads the environment, so tests build a Settings by hand. Outside development a missing or placeholder
secret stops the start here, with the name of the variable."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDERS = ("changeme", "change-me", "placeholder", "example", "secret", "password", "insecure")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    env: Literal["development", "production"] = Field("development", validation_alias="DFWORX_ENV")
    origin: str = Field("http://localhost:3000", validation_alias="DFWORX_ORIGIN")
    """Where browsers reach the gateway; also the issuer of tokens."""
    database_url: SecretStr = Field(validation_alias="DFWORX_DATABASE_URL")
    """The service's own login role: its password and its seal key belong to it alone."""
    database_connections: int = Field(10, ge=1, le=40, validation_alias="DFWORX_DATABASE_CONNECTIONS")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    seal_kid: int = Field(1, ge=1, le=999_999, validation_alias="DFWORX_SEAL_KID")
    seal_key: SecretStr = Field(validation_alias="DFWORX_SEAL_KEY")
    """Hex of the 32 bytes that the database knows this service by."""
    jwks_url: str = Field("http://127.0.0.1/.well-known/jwks.json", validation_alias="DFWORX_JWKS_URL")
    jwt_keys: Path | None = Field(None, validation_alias="DFWORX_JWT_KEYS")
    """The signing keys, for the auth service alone."""

    @field_validator("origin")
    @classmethod
    def without_trailing_slash(cls, origin: str) -> str:
        return origin.rstrip("/")

    @field_validator("seal_key")
    @classmethod
    def of_32_bytes(cls, key: SecretStr) -> SecretStr:
        try:
            length = len(bytes.fromhex(key.get_secret_value()))
        except ValueError:
            length = 0
        if length != 32:
            raise ValueError("write 32 bytes as 64 hexadecimal digits")
        return key

    @model_validator(mode="after")
    def no_placeholders(self) -> Self:
        if self.env == "development":
            return self
        urls = self.database_url.get_secret_value().lower(), self.redis_url.get_secret_value().lower()
        weak_key = len(set(self.seal_key.get_secret_value())) < 6
        if weak_key or any(f":{word}@" in url for url in urls for word in PLACEHOLDERS):
            raise ValueError("a placeholder secret is set; outside development every secret must be real")
        return self

    @property
    def seal_key_bytes(self) -> bytes:
        return bytes.fromhex(self.seal_key.get_secret_value())


def read_settings() -> Settings:
    """The settings of this process, or a one-line exit that names what is missing or wrong."""
    try:
        return Settings()  # the values come from the environment
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"This service can't start. {told}") from None
