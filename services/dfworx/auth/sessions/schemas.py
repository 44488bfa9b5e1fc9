"""What travels when a session goes on, and what verifies its tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from dfworx.shared.serve import Body


class Refresh(Body):
    refresh_token: Annotated[
        SecretStr | None, Field(max_length=200, description="Browsers leave it out and send the cookie")
    ] = None


class UserSession(BaseModel):
    session_id: UUID
    user_agent: str
    """As the client tells it when it signs in and refreshes."""
    address: str
    began_at: datetime
    last_used_at: datetime
    """When it was last refreshed."""
    is_current: bool


class RealtimeToken(BaseModel):
    token: str
    expires_in: int
    """Seconds that the token is good for."""


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


class Discovery(BaseModel):
    """OpenID Connect Discovery 1.0 and RFC 8414, as far as it serves those who verify tokens. Nobody signs in to other
    sites with an account here, so there is no authorization endpoint and no grant type that would use one."""

    issuer: str
    jwks_uri: str
    id_token_signing_alg_values_supported: list[str]
    response_types_supported: list[str] = ["id_token"]
    subject_types_supported: list[str] = ["public"]
    grant_types_supported: list[str] = []
    scopes_supported: list[str] = ["openid"]
    claims_supported: list[str] = ["iss", "aud", "sub", "org_id", "role", "org_role", "sid", "iat", "exp"]
