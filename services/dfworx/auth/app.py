"""The auth service, put together. It verifies tokens with its own keys: no request to itself."""

from __future__ import annotations

from fastapi import FastAPI

from dfworx.auth.invitations.routes import router as invitations
from dfworx.auth.keys import SigningKeys, UnusableKeys
from dfworx.auth.limits import Limits, rules_for
from dfworx.auth.login.routes import router as login
from dfworx.auth.members.routes import router as members
from dfworx.auth.organizations.routes import router as organizations
from dfworx.auth.password.routes import router as password
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import SessionStore
from dfworx.auth.sessions.routes import router as sessions
from dfworx.auth.sessions.routes import well_known
from dfworx.shared.serve import build_app, gather_routes, start_logging
from dfworx.shared.settings import Settings, read_settings

ROUTES = gather_routes("auth", organizations, login, sessions, members, password, invitations, well_known)


def create_app(settings: Settings) -> FastAPI:
    """Raises UnusableKeys. Without `settings.jwt_keys` the keys live as long as the application; a password key must
    be given, since what it has sealed is opened by no other."""
    if not settings.password_keys:
        raise UnusableKeys("DFWORX_PASSWORD_KEY: set the key that password hashes are sealed with.")
    app = build_app("auth", "DFWorX auth", settings, ROUTES)
    app.state.keys = SigningKeys.load(settings.jwt_keys) if settings.jwt_keys else SigningKeys.generate()
    app.state.tokens.follow(app.state.keys.jwks)
    app.state.passwords = Passwords(settings.password_keys)
    app.state.limits = Limits(app.state.redis, rules_for(settings))
    app.state.sessions = SessionStore(app.state.redis, app.state.cache)
    return app


def create() -> FastAPI:
    """What uvicorn calls. A service that can't work exits with one line that says why."""
    settings = read_settings()
    start_logging("auth", settings)
    if settings.env != "development" and settings.jwt_keys is None:
        raise SystemExit("This service can't start. DFWORX_JWT_KEYS: name the file of the signing keys")
    try:
        return create_app(settings)
    except UnusableKeys as error:
        raise SystemExit(f"This service can't start. {error}") from error
