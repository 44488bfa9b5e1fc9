"""What travels when a password is changed or reset."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from dfworx.auth.fields import Email, NewPassword, Password, SessionBy, Text
from dfworx.auth.passwords import is_same_password
from dfworx.shared.serve import Body


class PasswordForgotten(Body):
    email: Email


class PasswordReset(Body):
    token: Annotated[Text, Field(min_length=1, max_length=200)]
    password: NewPassword


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
