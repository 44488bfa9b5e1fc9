"""What travels when a password is changed."""

from __future__ import annotations

from pydantic import SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from dfworx.auth.fields import NewPassword, Password, SessionBy
from dfworx.auth.passwords import is_same_password
from dfworx.shared.serve import Body


class PasswordChange(Body):
    current_password: Password
    new_password: NewPassword
    session: SessionBy = None

    @field_validator("new_password")
    @classmethod
    def another_than_now(cls, new: SecretStr, info: ValidationInfo) -> SecretStr:
        current: SecretStr | None = info.data.get("current_password")
        if current and is_same_password(current.get_secret_value(), new.get_secret_value()):
            raise PydanticCustomError("password", "Choose a password that differs from the current one.")
        return new
