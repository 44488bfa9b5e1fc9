"""What travels when a session goes on, and the public keys that verify tokens."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from dfworx.shared.serve import Body


class Refresh(Body):
    refresh_token: Annotated[
        SecretStr | None, Field(max_length=200, description="Browsers leave it out and send the cookie")
    ] = None


class PublicKey(BaseModel):
    """RFC 7517."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    alg: str
    use: str


class PublicKeys(BaseModel):
    keys: list[PublicKey]
