"""What travels about reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.admin.people import Person
from dfworx.admin.ranges import Range
from dfworx.admin.texts import Text
from dfworx.shared.serve import Body

ReportKind = Literal["growth", "engagement", "content_health", "response_time", "empty_searches"]


class BuiltIn(BaseModel):
    kind: ReportKind
    description: str
    columns: list[str]


class ReportResult(BaseModel):
    kind: ReportKind
    first_day: date
    last_day: date
    ran_at: datetime
    columns: list[str]
    rows: list[dict[str, Any]]
    """Each has all columns."""
    is_cut: bool
    """Whether there was more than a report holds; the rows are those that matter most."""


class ReportParameters(Body):
    range: Range = "30d"


class ReportCreate(Body):
    kind: ReportKind
    title: Annotated[Text, Field(min_length=1, max_length=300, pattern=r"\S")]
    parameters: ReportParameters = ReportParameters()


class Report(BaseModel):
    """A kept one."""

    report_id: UUID
    kind: str
    title: str
    parameters: dict[str, Any]
    created_by: Person | None
    created_at: datetime


class ReportDetail(Report):
    result: ReportResult | None
    """What it said when it was made."""
