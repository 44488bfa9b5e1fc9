# Written by `./dfworx gen`; do not edit.
from __future__ import annotations

import datetime
import uuid
from typing import (
    Annotated,
    Any,
    List,
    Literal,
    Optional,
    TypedDict,
)
from typing_extensions import NotRequired, TypeAlias

from pydantic import BaseModel, Field, JsonValue

JobsProcrastinateJobEventType: TypeAlias = Literal["deferred", "started", "deferred_for_retry", "failed", "succeeded", "cancelled", "abort_requested", "aborted", "scheduled", "retried"]

JobsProcrastinateJobStatus: TypeAlias = Literal["todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted"]

PgCatalogName: TypeAlias = Any
PgCatalogTsvector: TypeAlias = Any


class AppAdminActiveDays(BaseModel):
    day: datetime.date = Field(alias="day")
    organization_id: uuid.UUID = Field(alias="organization_id")
    user_id: uuid.UUID = Field(alias="user_id")

class AppAdminActiveDaysInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppAdminActiveDaysUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppAdminAdminSettings(BaseModel):
    key: str = Field(alias="key")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")
    updated_by: Optional[uuid.UUID] = Field(alias="updated_by")
    value: JsonValue = Field(alias="value")

class AppAdminAdminSettingsInsert(TypedDict):
    key: Annotated[str, Field(alias="key")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    value: Annotated[JsonValue, Field(alias="value")]

class AppAdminAdminSettingsUpdate(TypedDict):
    key: NotRequired[Annotated[str, Field(alias="key")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    value: NotRequired[Annotated[JsonValue, Field(alias="value")]]

class AppAdminAnalytics(BaseModel):
    day: datetime.date = Field(alias="day")
    metric: str = Field(alias="metric")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")
    value: int = Field(alias="value")

class AppAdminAnalyticsInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    metric: Annotated[str, Field(alias="metric")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    value: Annotated[int, Field(alias="value")]

class AppAdminAnalyticsUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    metric: NotRequired[Annotated[str, Field(alias="metric")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    value: NotRequired[Annotated[int, Field(alias="value")]]

class AppAdminAnalyticsMarks(BaseModel):
    day: datetime.date = Field(alias="day")
    mark_id: int = Field(alias="mark_id")
    organization_id: uuid.UUID = Field(alias="organization_id")

class AppAdminAnalyticsMarksInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    mark_id: NotRequired[Annotated[int, Field(alias="mark_id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]

class AppAdminAnalyticsMarksUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    mark_id: NotRequired[Annotated[int, Field(alias="mark_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]

class AppAdminDecisions(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    decided_by: Optional[uuid.UUID] = Field(alias="decided_by")
    decision: str = Field(alias="decision")
    decision_id: uuid.UUID = Field(alias="decision_id")
    entity_id: str = Field(alias="entity_id")
    kind: str = Field(alias="kind")
    organization_id: uuid.UUID = Field(alias="organization_id")
    reason: str = Field(alias="reason")

class AppAdminDecisionsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    decided_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="decided_by")]]
    decision: Annotated[str, Field(alias="decision")]
    decision_id: NotRequired[Annotated[uuid.UUID, Field(alias="decision_id")]]
    entity_id: Annotated[str, Field(alias="entity_id")]
    kind: Annotated[str, Field(alias="kind")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    reason: Annotated[str, Field(alias="reason")]

class AppAdminDecisionsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    decided_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="decided_by")]]
    decision: NotRequired[Annotated[str, Field(alias="decision")]]
    decision_id: NotRequired[Annotated[uuid.UUID, Field(alias="decision_id")]]
    entity_id: NotRequired[Annotated[str, Field(alias="entity_id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    reason: NotRequired[Annotated[str, Field(alias="reason")]]

class AppAdminEmptySearches(BaseModel):
    day: datetime.date = Field(alias="day")
    organization_id: uuid.UUID = Field(alias="organization_id")
    searches: int = Field(alias="searches")
    words: str = Field(alias="words")

class AppAdminEmptySearchesInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    searches: Annotated[int, Field(alias="searches")]
    words: Annotated[str, Field(alias="words")]

class AppAdminEmptySearchesUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    searches: NotRequired[Annotated[int, Field(alias="searches")]]
    words: NotRequired[Annotated[str, Field(alias="words")]]

class AppAdminReports(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    finished_at: Optional[datetime.datetime] = Field(alias="finished_at")
    kind: str = Field(alias="kind")
    organization_id: uuid.UUID = Field(alias="organization_id")
    parameters: JsonValue = Field(alias="parameters")
    report_id: uuid.UUID = Field(alias="report_id")
    result: Optional[JsonValue] = Field(alias="result")
    status: str = Field(alias="status")
    title: str = Field(alias="title")
    user_id: uuid.UUID = Field(alias="user_id")

class AppAdminReportsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    kind: Annotated[str, Field(alias="kind")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    parameters: NotRequired[Annotated[JsonValue, Field(alias="parameters")]]
    report_id: NotRequired[Annotated[uuid.UUID, Field(alias="report_id")]]
    result: NotRequired[Annotated[Optional[JsonValue], Field(alias="result")]]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    title: Annotated[str, Field(alias="title")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppAdminReportsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    parameters: NotRequired[Annotated[JsonValue, Field(alias="parameters")]]
    report_id: NotRequired[Annotated[uuid.UUID, Field(alias="report_id")]]
    result: NotRequired[Annotated[Optional[JsonValue], Field(alias="result")]]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppAdminRequestDays(BaseModel):
    day: datetime.date = Field(alias="day")
    failed: int = Field(alias="failed")
    milliseconds: int = Field(alias="milliseconds")
    organization_id: uuid.UUID = Field(alias="organization_id")
    requests: int = Field(alias="requests")
    service: str = Field(alias="service")

class AppAdminRequestDaysInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    failed: Annotated[int, Field(alias="failed")]
    milliseconds: Annotated[int, Field(alias="milliseconds")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    requests: Annotated[int, Field(alias="requests")]
    service: Annotated[str, Field(alias="service")]

class AppAdminRequestDaysUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    failed: NotRequired[Annotated[int, Field(alias="failed")]]
    milliseconds: NotRequired[Annotated[int, Field(alias="milliseconds")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    requests: NotRequired[Annotated[int, Field(alias="requests")]]
    service: NotRequired[Annotated[str, Field(alias="service")]]

class AppAdminSystemLogs(BaseModel):
    context: JsonValue = Field(alias="context")
    created_at: datetime.datetime = Field(alias="created_at")
    fingerprint: str = Field(alias="fingerprint")
    level: str = Field(alias="level")
    message: str = Field(alias="message")
    organization_id: uuid.UUID = Field(alias="organization_id")
    service: str = Field(alias="service")
    system_log_id: int = Field(alias="system_log_id")

class AppAdminSystemLogsInsert(TypedDict):
    context: NotRequired[Annotated[JsonValue, Field(alias="context")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fingerprint: NotRequired[Annotated[str, Field(alias="fingerprint")]]
    level: Annotated[str, Field(alias="level")]
    message: Annotated[str, Field(alias="message")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    service: Annotated[str, Field(alias="service")]
    system_log_id: NotRequired[Annotated[int, Field(alias="system_log_id")]]

class AppAdminSystemLogsUpdate(TypedDict):
    context: NotRequired[Annotated[JsonValue, Field(alias="context")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fingerprint: NotRequired[Annotated[str, Field(alias="fingerprint")]]
    level: NotRequired[Annotated[str, Field(alias="level")]]
    message: NotRequired[Annotated[str, Field(alias="message")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    service: NotRequired[Annotated[str, Field(alias="service")]]
    system_log_id: NotRequired[Annotated[int, Field(alias="system_log_id")]]

class AppAuthApiTokens(BaseModel):
    api_token_id: uuid.UUID = Field(alias="api_token_id")
    created_at: datetime.datetime = Field(alias="created_at")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    last_used_at: Optional[datetime.datetime] = Field(alias="last_used_at")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    revoked_at: Optional[datetime.datetime] = Field(alias="revoked_at")
    scopes: List[str] = Field(alias="scopes")
    token_hash: bytes = Field(alias="token_hash")
    user_id: uuid.UUID = Field(alias="user_id")

class AppAuthApiTokensInsert(TypedDict):
    api_token_id: NotRequired[Annotated[uuid.UUID, Field(alias="api_token_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    last_used_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="last_used_at")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    revoked_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="revoked_at")]]
    scopes: NotRequired[Annotated[List[str], Field(alias="scopes")]]
    token_hash: Annotated[bytes, Field(alias="token_hash")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppAuthApiTokensUpdate(TypedDict):
    api_token_id: NotRequired[Annotated[uuid.UUID, Field(alias="api_token_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    last_used_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="last_used_at")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    revoked_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="revoked_at")]]
    scopes: NotRequired[Annotated[List[str], Field(alias="scopes")]]
    token_hash: NotRequired[Annotated[bytes, Field(alias="token_hash")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppAuthIdentities(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    email: str = Field(alias="email")
    identity_id: uuid.UUID = Field(alias="identity_id")
    password_changed_at: datetime.datetime = Field(alias="password_changed_at")
    password_hash: str = Field(alias="password_hash")

class AppAuthIdentitiesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: Annotated[str, Field(alias="email")]
    identity_id: NotRequired[Annotated[uuid.UUID, Field(alias="identity_id")]]
    password_changed_at: NotRequired[Annotated[datetime.datetime, Field(alias="password_changed_at")]]
    password_hash: Annotated[str, Field(alias="password_hash")]

class AppAuthIdentitiesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[str, Field(alias="email")]]
    identity_id: NotRequired[Annotated[uuid.UUID, Field(alias="identity_id")]]
    password_changed_at: NotRequired[Annotated[datetime.datetime, Field(alias="password_changed_at")]]
    password_hash: NotRequired[Annotated[str, Field(alias="password_hash")]]

class AppAuthInvitations(BaseModel):
    accepted_at: Optional[datetime.datetime] = Field(alias="accepted_at")
    created_at: datetime.datetime = Field(alias="created_at")
    email: str = Field(alias="email")
    expires_at: datetime.datetime = Field(alias="expires_at")
    invitation_id: uuid.UUID = Field(alias="invitation_id")
    invited_by: uuid.UUID = Field(alias="invited_by")
    mail_token_hash: Optional[bytes] = Field(alias="mail_token_hash")
    organization_id: uuid.UUID = Field(alias="organization_id")
    role: str = Field(alias="role")
    token_hash: bytes = Field(alias="token_hash")

class AppAuthInvitationsInsert(TypedDict):
    accepted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="accepted_at")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: Annotated[str, Field(alias="email")]
    expires_at: Annotated[datetime.datetime, Field(alias="expires_at")]
    invitation_id: NotRequired[Annotated[uuid.UUID, Field(alias="invitation_id")]]
    invited_by: Annotated[uuid.UUID, Field(alias="invited_by")]
    mail_token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="mail_token_hash")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    role: Annotated[str, Field(alias="role")]
    token_hash: Annotated[bytes, Field(alias="token_hash")]

class AppAuthInvitationsUpdate(TypedDict):
    accepted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="accepted_at")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[str, Field(alias="email")]]
    expires_at: NotRequired[Annotated[datetime.datetime, Field(alias="expires_at")]]
    invitation_id: NotRequired[Annotated[uuid.UUID, Field(alias="invitation_id")]]
    invited_by: NotRequired[Annotated[uuid.UUID, Field(alias="invited_by")]]
    mail_token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="mail_token_hash")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    token_hash: NotRequired[Annotated[bytes, Field(alias="token_hash")]]

class AppAuthPasswordResets(BaseModel):
    email: str = Field(alias="email")
    expires_at: datetime.datetime = Field(alias="expires_at")
    mailed_at: Optional[datetime.datetime] = Field(alias="mailed_at")
    password_reset_id: uuid.UUID = Field(alias="password_reset_id")
    requested_at: datetime.datetime = Field(alias="requested_at")
    token_hash: Optional[bytes] = Field(alias="token_hash")
    tried_at: Optional[datetime.datetime] = Field(alias="tried_at")

class AppAuthPasswordResetsInsert(TypedDict):
    email: Annotated[str, Field(alias="email")]
    expires_at: NotRequired[Annotated[datetime.datetime, Field(alias="expires_at")]]
    mailed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="mailed_at")]]
    password_reset_id: NotRequired[Annotated[uuid.UUID, Field(alias="password_reset_id")]]
    requested_at: NotRequired[Annotated[datetime.datetime, Field(alias="requested_at")]]
    token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="token_hash")]]
    tried_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="tried_at")]]

class AppAuthPasswordResetsUpdate(TypedDict):
    email: NotRequired[Annotated[str, Field(alias="email")]]
    expires_at: NotRequired[Annotated[datetime.datetime, Field(alias="expires_at")]]
    mailed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="mailed_at")]]
    password_reset_id: NotRequired[Annotated[uuid.UUID, Field(alias="password_reset_id")]]
    requested_at: NotRequired[Annotated[datetime.datetime, Field(alias="requested_at")]]
    token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="token_hash")]]
    tried_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="tried_at")]]

class AppWebCategories(BaseModel):
    category_id: uuid.UUID = Field(alias="category_id")
    created_at: datetime.datetime = Field(alias="created_at")
    description: str = Field(alias="description")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    parent_id: Optional[uuid.UUID] = Field(alias="parent_id")
    position: int = Field(alias="position")
    slug: str = Field(alias="slug")
    updated_at: datetime.datetime = Field(alias="updated_at")

class AppWebCategoriesInsert(TypedDict):
    category_id: NotRequired[Annotated[uuid.UUID, Field(alias="category_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    description: NotRequired[Annotated[str, Field(alias="description")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    parent_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="parent_id")]]
    position: NotRequired[Annotated[int, Field(alias="position")]]
    slug: Annotated[str, Field(alias="slug")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class AppWebCategoriesUpdate(TypedDict):
    category_id: NotRequired[Annotated[uuid.UUID, Field(alias="category_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    description: NotRequired[Annotated[str, Field(alias="description")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    parent_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="parent_id")]]
    position: NotRequired[Annotated[int, Field(alias="position")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class AppWebComments(BaseModel):
    comment_id: uuid.UUID = Field(alias="comment_id")
    content: Optional[str] = Field(alias="content")
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    parent_id: Optional[uuid.UUID] = Field(alias="parent_id")
    post_id: uuid.UUID = Field(alias="post_id")
    removed_at: Optional[datetime.datetime] = Field(alias="removed_at")
    resolved_at: Optional[datetime.datetime] = Field(alias="resolved_at")
    search: Optional[PgCatalogTsvector] = Field(alias="search")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")
    version: int = Field(alias="version")

class AppWebCommentsInsert(TypedDict):
    comment_id: NotRequired[Annotated[uuid.UUID, Field(alias="comment_id")]]
    content: NotRequired[Annotated[Optional[str], Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    parent_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="parent_id")]]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    removed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="removed_at")]]
    resolved_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="resolved_at")]]
    search: NotRequired[Annotated[Optional[PgCatalogTsvector], Field(alias="search")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    version: NotRequired[Annotated[int, Field(alias="version")]]

class AppWebCommentsUpdate(TypedDict):
    comment_id: NotRequired[Annotated[uuid.UUID, Field(alias="comment_id")]]
    content: NotRequired[Annotated[Optional[str], Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    parent_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="parent_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    removed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="removed_at")]]
    resolved_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="resolved_at")]]
    search: NotRequired[Annotated[Optional[PgCatalogTsvector], Field(alias="search")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]

class AppWebDigests(BaseModel):
    due_at: Optional[datetime.datetime] = Field(alias="due_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    taken_at: Optional[datetime.datetime] = Field(alias="taken_at")
    told_until: datetime.datetime = Field(alias="told_until")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebDigestsInsert(TypedDict):
    due_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="due_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    taken_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="taken_at")]]
    told_until: NotRequired[Annotated[datetime.datetime, Field(alias="told_until")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebDigestsUpdate(TypedDict):
    due_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="due_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    taken_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="taken_at")]]
    told_until: NotRequired[Annotated[datetime.datetime, Field(alias="told_until")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebFlags(BaseModel):
    author_id: Optional[uuid.UUID] = Field(alias="author_id")
    created_at: datetime.datetime = Field(alias="created_at")
    entity_id: str = Field(alias="entity_id")
    excerpt: str = Field(alias="excerpt")
    flag_id: uuid.UUID = Field(alias="flag_id")
    kind: str = Field(alias="kind")
    note: str = Field(alias="note")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: Optional[uuid.UUID] = Field(alias="post_id")
    reason: str = Field(alias="reason")
    thread_id: Optional[str] = Field(alias="thread_id")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebFlagsInsert(TypedDict):
    author_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="author_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    entity_id: Annotated[str, Field(alias="entity_id")]
    excerpt: NotRequired[Annotated[str, Field(alias="excerpt")]]
    flag_id: NotRequired[Annotated[uuid.UUID, Field(alias="flag_id")]]
    kind: Annotated[str, Field(alias="kind")]
    note: NotRequired[Annotated[str, Field(alias="note")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    reason: Annotated[str, Field(alias="reason")]
    thread_id: NotRequired[Annotated[Optional[str], Field(alias="thread_id")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebFlagsUpdate(TypedDict):
    author_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="author_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    entity_id: NotRequired[Annotated[str, Field(alias="entity_id")]]
    excerpt: NotRequired[Annotated[str, Field(alias="excerpt")]]
    flag_id: NotRequired[Annotated[uuid.UUID, Field(alias="flag_id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    note: NotRequired[Annotated[str, Field(alias="note")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    reason: NotRequired[Annotated[str, Field(alias="reason")]]
    thread_id: NotRequired[Annotated[Optional[str], Field(alias="thread_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebMailCounts(BaseModel):
    address: bytes = Field(alias="address")
    counted_at: datetime.datetime = Field(alias="counted_at")
    kind: str = Field(alias="kind")
    mail_id: uuid.UUID = Field(alias="mail_id")
    organization_id: uuid.UUID = Field(alias="organization_id")

class AppWebMailCountsInsert(TypedDict):
    address: Annotated[bytes, Field(alias="address")]
    counted_at: NotRequired[Annotated[datetime.datetime, Field(alias="counted_at")]]
    kind: Annotated[str, Field(alias="kind")]
    mail_id: Annotated[uuid.UUID, Field(alias="mail_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]

class AppWebMailCountsUpdate(TypedDict):
    address: NotRequired[Annotated[bytes, Field(alias="address")]]
    counted_at: NotRequired[Annotated[datetime.datetime, Field(alias="counted_at")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    mail_id: NotRequired[Annotated[uuid.UUID, Field(alias="mail_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]

class AppWebMentions(BaseModel):
    comment_id: uuid.UUID = Field(alias="comment_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebMentionsInsert(TypedDict):
    comment_id: Annotated[uuid.UUID, Field(alias="comment_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebMentionsUpdate(TypedDict):
    comment_id: NotRequired[Annotated[uuid.UUID, Field(alias="comment_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebMutes(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebMutesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebMutesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebPostEditors(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebPostEditorsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebPostEditorsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebPostReaders(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    shared_by: uuid.UUID = Field(alias="shared_by")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebPostReadersInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    shared_by: Annotated[uuid.UUID, Field(alias="shared_by")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebPostReadersUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    shared_by: NotRequired[Annotated[uuid.UUID, Field(alias="shared_by")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebPostReads(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    read_at: datetime.datetime = Field(alias="read_at")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebPostReadsInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    read_at: NotRequired[Annotated[datetime.datetime, Field(alias="read_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebPostReadsUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    read_at: NotRequired[Annotated[datetime.datetime, Field(alias="read_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebPostSlugs(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    slug: str = Field(alias="slug")

class AppWebPostSlugsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    slug: Annotated[str, Field(alias="slug")]

class AppWebPostSlugsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]

class AppWebPostViews(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    views: int = Field(alias="views")

class AppWebPostViewsInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    views: NotRequired[Annotated[int, Field(alias="views")]]

class AppWebPostViewsUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    views: NotRequired[Annotated[int, Field(alias="views")]]

class AppWebPosts(BaseModel):
    archived_at: Optional[datetime.datetime] = Field(alias="archived_at")
    category_id: Optional[uuid.UUID] = Field(alias="category_id")
    comment_count: int = Field(alias="comment_count")
    content: str = Field(alias="content")
    created_at: datetime.datetime = Field(alias="created_at")
    deleted_at: Optional[datetime.datetime] = Field(alias="deleted_at")
    excerpt: str = Field(alias="excerpt")
    listed_at: datetime.datetime = Field(alias="listed_at")
    metadata: JsonValue = Field(alias="metadata")
    organization_id: uuid.UUID = Field(alias="organization_id")
    pinned_at: Optional[datetime.datetime] = Field(alias="pinned_at")
    pinned_place: Optional[int] = Field(alias="pinned_place")
    post_id: uuid.UUID = Field(alias="post_id")
    publish_at: Optional[datetime.datetime] = Field(alias="publish_at")
    published_at: Optional[datetime.datetime] = Field(alias="published_at")
    search: PgCatalogTsvector = Field(alias="search")
    slug: str = Field(alias="slug")
    status: str = Field(alias="status")
    title: str = Field(alias="title")
    trashed_at: Optional[datetime.datetime] = Field(alias="trashed_at")
    trashed_from: Optional[str] = Field(alias="trashed_from")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")
    version: int = Field(alias="version")
    visibility: str = Field(alias="visibility")

class AppWebPostsInsert(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    category_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="category_id")]]
    comment_count: NotRequired[Annotated[int, Field(alias="comment_count")]]
    content: Annotated[str, Field(alias="content")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    deleted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="deleted_at")]]
    excerpt: NotRequired[Annotated[str, Field(alias="excerpt")]]
    listed_at: NotRequired[Annotated[datetime.datetime, Field(alias="listed_at")]]
    metadata: NotRequired[Annotated[JsonValue, Field(alias="metadata")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    pinned_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="pinned_at")]]
    pinned_place: NotRequired[Annotated[Optional[int], Field(alias="pinned_place")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    publish_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="publish_at")]]
    published_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="published_at")]]
    search: Annotated[PgCatalogTsvector, Field(alias="search")]
    slug: Annotated[str, Field(alias="slug")]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    title: Annotated[str, Field(alias="title")]
    trashed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="trashed_at")]]
    trashed_from: NotRequired[Annotated[Optional[str], Field(alias="trashed_from")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    visibility: NotRequired[Annotated[str, Field(alias="visibility")]]

class AppWebPostsUpdate(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    category_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="category_id")]]
    comment_count: NotRequired[Annotated[int, Field(alias="comment_count")]]
    content: NotRequired[Annotated[str, Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    deleted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="deleted_at")]]
    excerpt: NotRequired[Annotated[str, Field(alias="excerpt")]]
    listed_at: NotRequired[Annotated[datetime.datetime, Field(alias="listed_at")]]
    metadata: NotRequired[Annotated[JsonValue, Field(alias="metadata")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    pinned_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="pinned_at")]]
    pinned_place: NotRequired[Annotated[Optional[int], Field(alias="pinned_place")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    publish_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="publish_at")]]
    published_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="published_at")]]
    search: NotRequired[Annotated[PgCatalogTsvector, Field(alias="search")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    trashed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="trashed_at")]]
    trashed_from: NotRequired[Annotated[Optional[str], Field(alias="trashed_from")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    visibility: NotRequired[Annotated[str, Field(alias="visibility")]]

class AppWebPreferences(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    preferences: JsonValue = Field(alias="preferences")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebPreferencesInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    preferences: NotRequired[Annotated[JsonValue, Field(alias="preferences")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebPreferencesUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    preferences: NotRequired[Annotated[JsonValue, Field(alias="preferences")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebProfiles(BaseModel):
    bio: str = Field(alias="bio")
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    timezone: Optional[str] = Field(alias="timezone")
    title: str = Field(alias="title")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebProfilesInsert(TypedDict):
    bio: NotRequired[Annotated[str, Field(alias="bio")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebProfilesUpdate(TypedDict):
    bio: NotRequired[Annotated[str, Field(alias="bio")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebReadMarks(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    read_until: datetime.datetime = Field(alias="read_until")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebReadMarksInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    read_until: NotRequired[Annotated[datetime.datetime, Field(alias="read_until")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class AppWebReadMarksUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    read_until: NotRequired[Annotated[datetime.datetime, Field(alias="read_until")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class AppWebRevisions(BaseModel):
    author_id: uuid.UUID = Field(alias="author_id")
    begun_at: datetime.datetime = Field(alias="begun_at")
    content: str = Field(alias="content")
    created_at: datetime.datetime = Field(alias="created_at")
    is_settled: bool = Field(alias="is_settled")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    replaced_at: Optional[datetime.datetime] = Field(alias="replaced_at")
    revision_id: uuid.UUID = Field(alias="revision_id")
    shown_to: Optional[str] = Field(alias="shown_to")
    size: int = Field(alias="size")
    title: str = Field(alias="title")
    user_id: uuid.UUID = Field(alias="user_id")
    version: int = Field(alias="version")

class AppWebRevisionsInsert(TypedDict):
    author_id: Annotated[uuid.UUID, Field(alias="author_id")]
    begun_at: NotRequired[Annotated[datetime.datetime, Field(alias="begun_at")]]
    content: Annotated[str, Field(alias="content")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    is_settled: NotRequired[Annotated[bool, Field(alias="is_settled")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: Annotated[uuid.UUID, Field(alias="post_id")]
    replaced_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="replaced_at")]]
    revision_id: NotRequired[Annotated[uuid.UUID, Field(alias="revision_id")]]
    shown_to: NotRequired[Annotated[Optional[str], Field(alias="shown_to")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    title: Annotated[str, Field(alias="title")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    version: Annotated[int, Field(alias="version")]

class AppWebRevisionsUpdate(TypedDict):
    author_id: NotRequired[Annotated[uuid.UUID, Field(alias="author_id")]]
    begun_at: NotRequired[Annotated[datetime.datetime, Field(alias="begun_at")]]
    content: NotRequired[Annotated[str, Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    is_settled: NotRequired[Annotated[bool, Field(alias="is_settled")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[uuid.UUID, Field(alias="post_id")]]
    replaced_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="replaced_at")]]
    revision_id: NotRequired[Annotated[uuid.UUID, Field(alias="revision_id")]]
    shown_to: NotRequired[Annotated[Optional[str], Field(alias="shown_to")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]

class AppWebViewBatches(BaseModel):
    applied_at: datetime.datetime = Field(alias="applied_at")
    batch_id: uuid.UUID = Field(alias="batch_id")

class AppWebViewBatchesInsert(TypedDict):
    applied_at: NotRequired[Annotated[datetime.datetime, Field(alias="applied_at")]]
    batch_id: Annotated[uuid.UUID, Field(alias="batch_id")]

class AppWebViewBatchesUpdate(TypedDict):
    applied_at: NotRequired[Annotated[datetime.datetime, Field(alias="applied_at")]]
    batch_id: NotRequired[Annotated[uuid.UUID, Field(alias="batch_id")]]

class PublicAuditHeads(BaseModel):
    hash: bytes = Field(alias="hash")
    organization_id: uuid.UUID = Field(alias="organization_id")
    position: int = Field(alias="position")

class PublicAuditHeadsInsert(TypedDict):
    hash: NotRequired[Annotated[bytes, Field(alias="hash")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    position: NotRequired[Annotated[int, Field(alias="position")]]

class PublicAuditHeadsUpdate(TypedDict):
    hash: NotRequired[Annotated[bytes, Field(alias="hash")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    position: NotRequired[Annotated[int, Field(alias="position")]]

class PublicAuditLinks(BaseModel):
    audit_log_id: int = Field(alias="audit_log_id")
    hash: bytes = Field(alias="hash")
    organization_id: uuid.UUID = Field(alias="organization_id")
    position: int = Field(alias="position")

class PublicAuditLinksInsert(TypedDict):
    audit_log_id: Annotated[int, Field(alias="audit_log_id")]
    hash: Annotated[bytes, Field(alias="hash")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    position: Annotated[int, Field(alias="position")]

class PublicAuditLinksUpdate(TypedDict):
    audit_log_id: NotRequired[Annotated[int, Field(alias="audit_log_id")]]
    hash: NotRequired[Annotated[bytes, Field(alias="hash")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    position: NotRequired[Annotated[int, Field(alias="position")]]

class PublicAuditLogs(BaseModel):
    action: str = Field(alias="action")
    actor_id: Optional[uuid.UUID] = Field(alias="actor_id")
    audit_log_id: int = Field(alias="audit_log_id")
    changes: JsonValue = Field(alias="changes")
    created_at: datetime.datetime = Field(alias="created_at")
    entity: str = Field(alias="entity")
    entity_id: Optional[uuid.UUID] = Field(alias="entity_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    service: PgCatalogName = Field(alias="service")

class PublicAuditLogsInsert(TypedDict):
    action: Annotated[str, Field(alias="action")]
    actor_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="actor_id")]]
    audit_log_id: NotRequired[Annotated[int, Field(alias="audit_log_id")]]
    changes: Annotated[JsonValue, Field(alias="changes")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    entity: Annotated[str, Field(alias="entity")]
    entity_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="entity_id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    service: Annotated[PgCatalogName, Field(alias="service")]

class PublicAuditLogsUpdate(TypedDict):
    action: NotRequired[Annotated[str, Field(alias="action")]]
    actor_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="actor_id")]]
    audit_log_id: NotRequired[Annotated[int, Field(alias="audit_log_id")]]
    changes: NotRequired[Annotated[JsonValue, Field(alias="changes")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    entity: NotRequired[Annotated[str, Field(alias="entity")]]
    entity_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="entity_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    service: NotRequired[Annotated[PgCatalogName, Field(alias="service")]]

class PublicNotifications(BaseModel):
    actor_id: Optional[uuid.UUID] = Field(alias="actor_id")
    comment_id: Optional[uuid.UUID] = Field(alias="comment_id")
    created_at: datetime.datetime = Field(alias="created_at")
    data: JsonValue = Field(alias="data")
    entity: str = Field(alias="entity")
    entity_id: uuid.UUID = Field(alias="entity_id")
    kind: str = Field(alias="kind")
    mail_due_at: Optional[datetime.datetime] = Field(alias="mail_due_at")
    message_id: Optional[str] = Field(alias="message_id")
    notification_id: uuid.UUID = Field(alias="notification_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: Optional[uuid.UUID] = Field(alias="post_id")
    read_at: Optional[datetime.datetime] = Field(alias="read_at")
    thread_id: Optional[str] = Field(alias="thread_id")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicNotificationsInsert(TypedDict):
    actor_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="actor_id")]]
    comment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="comment_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    entity: Annotated[str, Field(alias="entity")]
    entity_id: Annotated[uuid.UUID, Field(alias="entity_id")]
    kind: Annotated[str, Field(alias="kind")]
    mail_due_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="mail_due_at")]]
    message_id: NotRequired[Annotated[Optional[str], Field(alias="message_id")]]
    notification_id: NotRequired[Annotated[uuid.UUID, Field(alias="notification_id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    read_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="read_at")]]
    thread_id: NotRequired[Annotated[Optional[str], Field(alias="thread_id")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class PublicNotificationsUpdate(TypedDict):
    actor_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="actor_id")]]
    comment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="comment_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    entity: NotRequired[Annotated[str, Field(alias="entity")]]
    entity_id: NotRequired[Annotated[uuid.UUID, Field(alias="entity_id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    mail_due_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="mail_due_at")]]
    message_id: NotRequired[Annotated[Optional[str], Field(alias="message_id")]]
    notification_id: NotRequired[Annotated[uuid.UUID, Field(alias="notification_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    read_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="read_at")]]
    thread_id: NotRequired[Annotated[Optional[str], Field(alias="thread_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicOrganizations(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    slug: str = Field(alias="slug")
    suspended_at: Optional[datetime.datetime] = Field(alias="suspended_at")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicOrganizationsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    slug: Annotated[str, Field(alias="slug")]
    suspended_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="suspended_at")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicOrganizationsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    suspended_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="suspended_at")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicUsers(BaseModel):
    avatar_url: Optional[str] = Field(alias="avatar_url")
    created_at: datetime.datetime = Field(alias="created_at")
    email: Optional[str] = Field(alias="email")
    identity_id: Optional[uuid.UUID] = Field(alias="identity_id")
    is_active: bool = Field(alias="is_active")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    origin: str = Field(alias="origin")
    role: str = Field(alias="role")
    sessions_valid_after: datetime.datetime = Field(alias="sessions_valid_after")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicUsersInsert(TypedDict):
    avatar_url: NotRequired[Annotated[Optional[str], Field(alias="avatar_url")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    identity_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="identity_id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    origin: Annotated[str, Field(alias="origin")]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    sessions_valid_after: NotRequired[Annotated[datetime.datetime, Field(alias="sessions_valid_after")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicUsersUpdate(TypedDict):
    avatar_url: NotRequired[Annotated[Optional[str], Field(alias="avatar_url")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    identity_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="identity_id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    origin: NotRequired[Annotated[str, Field(alias="origin")]]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    sessions_valid_after: NotRequired[Annotated[datetime.datetime, Field(alias="sessions_valid_after")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class SharedServicesBlobs(BaseModel):
    begun_at: datetime.datetime = Field(alias="begun_at")
    is_named: bool = Field(alias="is_named")
    organization_id: uuid.UUID = Field(alias="organization_id")
    size_bytes: int = Field(alias="size_bytes")
    storage_key: str = Field(alias="storage_key")

class SharedServicesBlobsInsert(TypedDict):
    begun_at: NotRequired[Annotated[datetime.datetime, Field(alias="begun_at")]]
    is_named: NotRequired[Annotated[bool, Field(alias="is_named")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    size_bytes: Annotated[int, Field(alias="size_bytes")]
    storage_key: Annotated[str, Field(alias="storage_key")]

class SharedServicesBlobsUpdate(TypedDict):
    begun_at: NotRequired[Annotated[datetime.datetime, Field(alias="begun_at")]]
    is_named: NotRequired[Annotated[bool, Field(alias="is_named")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    size_bytes: NotRequired[Annotated[int, Field(alias="size_bytes")]]
    storage_key: NotRequired[Annotated[str, Field(alias="storage_key")]]

class SharedServicesDeliveries(BaseModel):
    consumer: str = Field(alias="consumer")
    delivered_at: Optional[datetime.datetime] = Field(alias="delivered_at")
    failed_at: Optional[datetime.datetime] = Field(alias="failed_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    outbox_id: int = Field(alias="outbox_id")

class SharedServicesDeliveriesInsert(TypedDict):
    consumer: Annotated[str, Field(alias="consumer")]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    failed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="failed_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    outbox_id: Annotated[int, Field(alias="outbox_id")]

class SharedServicesDeliveriesUpdate(TypedDict):
    consumer: NotRequired[Annotated[str, Field(alias="consumer")]]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    failed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="failed_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    outbox_id: NotRequired[Annotated[int, Field(alias="outbox_id")]]

class SharedServicesFiles(BaseModel):
    comment_id: Optional[uuid.UUID] = Field(alias="comment_id")
    created_at: datetime.datetime = Field(alias="created_at")
    file_id: uuid.UUID = Field(alias="file_id")
    height: Optional[int] = Field(alias="height")
    media_type: str = Field(alias="media_type")
    message_id: Optional[str] = Field(alias="message_id")
    message_post_id: Optional[uuid.UUID] = Field(alias="message_post_id")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: Optional[uuid.UUID] = Field(alias="post_id")
    sha256: bytes = Field(alias="sha256")
    size_bytes: int = Field(alias="size_bytes")
    storage_key: str = Field(alias="storage_key")
    user_id: uuid.UUID = Field(alias="user_id")
    width: Optional[int] = Field(alias="width")

class SharedServicesFilesInsert(TypedDict):
    comment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="comment_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    file_id: NotRequired[Annotated[uuid.UUID, Field(alias="file_id")]]
    height: NotRequired[Annotated[Optional[int], Field(alias="height")]]
    media_type: Annotated[str, Field(alias="media_type")]
    message_id: NotRequired[Annotated[Optional[str], Field(alias="message_id")]]
    message_post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_post_id")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    sha256: Annotated[bytes, Field(alias="sha256")]
    size_bytes: Annotated[int, Field(alias="size_bytes")]
    storage_key: Annotated[str, Field(alias="storage_key")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    width: NotRequired[Annotated[Optional[int], Field(alias="width")]]

class SharedServicesFilesUpdate(TypedDict):
    comment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="comment_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    file_id: NotRequired[Annotated[uuid.UUID, Field(alias="file_id")]]
    height: NotRequired[Annotated[Optional[int], Field(alias="height")]]
    media_type: NotRequired[Annotated[str, Field(alias="media_type")]]
    message_id: NotRequired[Annotated[Optional[str], Field(alias="message_id")]]
    message_post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_post_id")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    post_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="post_id")]]
    sha256: NotRequired[Annotated[bytes, Field(alias="sha256")]]
    size_bytes: NotRequired[Annotated[int, Field(alias="size_bytes")]]
    storage_key: NotRequired[Annotated[str, Field(alias="storage_key")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    width: NotRequired[Annotated[Optional[int], Field(alias="width")]]

class SharedServicesIdempotencyKeys(BaseModel):
    answer: Optional[bytes] = Field(alias="answer")
    created_at: datetime.datetime = Field(alias="created_at")
    fingerprint: bytes = Field(alias="fingerprint")
    key_hash: bytes = Field(alias="key_hash")
    organization_id: uuid.UUID = Field(alias="organization_id")
    user_id: uuid.UUID = Field(alias="user_id")

class SharedServicesIdempotencyKeysInsert(TypedDict):
    answer: NotRequired[Annotated[Optional[bytes], Field(alias="answer")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fingerprint: Annotated[bytes, Field(alias="fingerprint")]
    key_hash: Annotated[bytes, Field(alias="key_hash")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class SharedServicesIdempotencyKeysUpdate(TypedDict):
    answer: NotRequired[Annotated[Optional[bytes], Field(alias="answer")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fingerprint: NotRequired[Annotated[bytes, Field(alias="fingerprint")]]
    key_hash: NotRequired[Annotated[bytes, Field(alias="key_hash")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class SharedServicesOutbox(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    delivered_at: Optional[datetime.datetime] = Field(alias="delivered_at")
    entity_id: uuid.UUID = Field(alias="entity_id")
    handed_at: Optional[datetime.datetime] = Field(alias="handed_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    outbox_id: int = Field(alias="outbox_id")
    payload: JsonValue = Field(alias="payload")
    topic: str = Field(alias="topic")

class SharedServicesOutboxInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    entity_id: Annotated[uuid.UUID, Field(alias="entity_id")]
    handed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="handed_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    outbox_id: NotRequired[Annotated[int, Field(alias="outbox_id")]]
    payload: NotRequired[Annotated[JsonValue, Field(alias="payload")]]
    topic: Annotated[str, Field(alias="topic")]

class SharedServicesOutboxUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    entity_id: NotRequired[Annotated[uuid.UUID, Field(alias="entity_id")]]
    handed_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="handed_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    outbox_id: NotRequired[Annotated[int, Field(alias="outbox_id")]]
    payload: NotRequired[Annotated[JsonValue, Field(alias="payload")]]
    topic: NotRequired[Annotated[str, Field(alias="topic")]]

class SharedServicesStorageUsage(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    used_bytes: int = Field(alias="used_bytes")

class SharedServicesStorageUsageInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    used_bytes: Annotated[int, Field(alias="used_bytes")]

class SharedServicesStorageUsageUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    used_bytes: NotRequired[Annotated[int, Field(alias="used_bytes")]]

class AppWebCommentItems(BaseModel):
    comment_id: uuid.UUID = Field(alias="comment_id")
    created_at: datetime.datetime = Field(alias="created_at")
    item: Optional[JsonValue] = Field(alias="item")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")

class AppWebNotificationItems(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    is_shown: Optional[bool] = Field(alias="is_shown")
    item: Optional[JsonValue] = Field(alias="item")
    notification_id: uuid.UUID = Field(alias="notification_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    read_at: Optional[datetime.datetime] = Field(alias="read_at")
    user_id: uuid.UUID = Field(alias="user_id")

class AppWebPostItems(BaseModel):
    category_id: Optional[uuid.UUID] = Field(alias="category_id")
    content: str = Field(alias="content")
    item: Optional[JsonValue] = Field(alias="item")
    listed_at: datetime.datetime = Field(alias="listed_at")
    metadata: JsonValue = Field(alias="metadata")
    organization_id: uuid.UUID = Field(alias="organization_id")
    pinned_at: Optional[datetime.datetime] = Field(alias="pinned_at")
    pinned_place: Optional[int] = Field(alias="pinned_place")
    post_id: uuid.UUID = Field(alias="post_id")
    search: PgCatalogTsvector = Field(alias="search")
    slug: str = Field(alias="slug")
    status: str = Field(alias="status")
    trashed_at: Optional[datetime.datetime] = Field(alias="trashed_at")
    user_id: uuid.UUID = Field(alias="user_id")
    visibility: str = Field(alias="visibility")

class AppWebRevisionItems(BaseModel):
    content: str = Field(alias="content")
    item: Optional[JsonValue] = Field(alias="item")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: uuid.UUID = Field(alias="post_id")
    title: str = Field(alias="title")
    version: int = Field(alias="version")

class SharedServicesFileItems(BaseModel):
    comment_id: Optional[uuid.UUID] = Field(alias="comment_id")
    created_at: datetime.datetime = Field(alias="created_at")
    file_id: uuid.UUID = Field(alias="file_id")
    item: Optional[JsonValue] = Field(alias="item")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: Optional[uuid.UUID] = Field(alias="post_id")

class SharedServicesNotifications(BaseModel):
    actor_id: Optional[uuid.UUID] = Field(alias="actor_id")
    comment_id: Optional[uuid.UUID] = Field(alias="comment_id")
    created_at: datetime.datetime = Field(alias="created_at")
    data: JsonValue = Field(alias="data")
    entity: str = Field(alias="entity")
    entity_id: uuid.UUID = Field(alias="entity_id")
    kind: str = Field(alias="kind")
    mail_due_at: Optional[datetime.datetime] = Field(alias="mail_due_at")
    message_id: Optional[str] = Field(alias="message_id")
    notification_id: uuid.UUID = Field(alias="notification_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    post_id: Optional[uuid.UUID] = Field(alias="post_id")
    read_at: Optional[datetime.datetime] = Field(alias="read_at")
    thread_id: Optional[str] = Field(alias="thread_id")
    user_id: uuid.UUID = Field(alias="user_id")
