"""Every screen of the web app: who sees it, where it is, what is done there, and a text that it shows then. The one
list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.flows.web_app import openings as do
from tests.flows.web_app.openings import Visit

NOBODY = "nobody"
ADA, WRITER, GUEST = "ada@northlight.example", "tomas@northlight.example", "hanne@solberg.example"
NEWCOMER = "ann@dawn.example.com"
POST = "/posts/how-bright-is-it-one-night-three-figures"


def nothing(visit: Visit) -> None:
    """The page as it comes."""


@dataclass(frozen=True)
class Screen:
    who: str
    name: str
    path: str
    shows: str
    open: Callable[[Visit], None] = nothing
    only: Literal["wide", "narrow"] | None = None


AREAS = {
    "entering": [
        Screen(NOBODY, "sign-in", "/sign-in", "Ask an admin"),
        Screen(NOBODY, "sign-in-refused", "/sign-in", "Email and password don't match.", do.sign_in_wrongly),
        Screen(NOBODY, "sign-in-which-organization", "/sign-in", "Which organization?", do.sign_in_to_two),
        Screen(NOBODY, "sign-up", "/sign-up", "You become its first admin"),
        Screen(NOBODY, "sign-up-refused", "/sign-up", "Write your name", do.submit_nothing),
        Screen(NOBODY, "forgot-password", "/forgot-password", "Forgot your password?"),
        Screen(NOBODY, "forgot-password-sent", "/forgot-password", "Look into your mail", do.ask_for_a_link),
        Screen(NOBODY, "reset-password", "/reset-password#token", "Set a new password"),
        Screen(
            NOBODY,
            "reset-password-used",
            "/reset-password#token",
            "can't be used any more",
            do.reset_by_a_dead_link,
        ),
        Screen(NOBODY, "reset-password-broken", "/reset-password", "This link is not whole"),
        Screen(NOBODY, "invitation", "{invitation}", "invites leo@school.example as Guest"),
        Screen(NOBODY, "invitation-used", "/invitations/nothing", "can't be used any more"),
    ],
    "listing": [
        Screen(NEWCOMER, "posts-empty", "/posts", "No posts yet"),
        Screen(ADA, "posts", "/posts", "How we plan a night"),
        Screen(ADA, "posts-filtered", "/posts?category=instruments&status=published", "Calibration frames"),
        Screen(ADA, "posts-filter-menu", "/posts", "Category", do.open_filters),
        Screen(
            ADA, "posts-none-fits", "/posts?status=archived&category=none", "No posts match these filters"
        ),
        Screen(ADA, "posts-drafts", "/posts?status=draft", "Plan for March"),
        Screen(ADA, "posts-archived", "/posts?status=archived", "The old camera"),
        Screen(ADA, "posts-trash", "/posts?status=trashed", "Old rota"),
        Screen(
            ADA, "organization-menu", "/posts", "Start an organization", do.open_organizations, only="wide"
        ),
        Screen(ADA, "account-menu", "/posts", "Sign out", do.open_account, only="wide"),
        Screen(ADA, "offline", "/posts", "Offline. You can keep reading", do.go_offline),
        Screen(ADA, "not-found", "/posts/nothing-here", "This page doesn't exist"),
        Screen(ADA, "not-found-address", "/nowhere", "This page doesn't exist"),
        Screen(ADA, "page-failed", POST, "This page did not load", do.break_a_page),
    ],
    "reading": [
        Screen(ADA, "post", POST, "One night, three figures", do.close_comments),
        Screen(ADA, "post-figures", POST, "Why three comparison stars?", do.scroll_to_figures),
        Screen(ADA, "post-contents-menu", POST, "The code", do.open_contents, only="narrow"),
        Screen(ADA, "comments", POST, "who measures on Friday?", do.open_comments),
        Screen(ADA, "comments-menu", POST, "Copy link", do.open_comment_menu),
        Screen(ADA, "comments-delete", POST, "Delete the comment by", do.ask_to_delete_a_comment),
        Screen(ADA, "comments-empty", "/posts/calibration-frames", "No comments yet", do.open_comments),
        Screen(ADA, "comments-failed", POST, "The comments did not load", do.miss_the_comments),
        Screen(ADA, "comments-mention", POST, "Mikkel Dahl", do.mention_somebody),
        Screen(ADA, "revisions", f"{POST}/revisions", "Restore this version", do.choose_a_version),
        Screen(ADA, "revisions-list", f"{POST}/revisions", "Now"),
        Screen(ADA, "revisions-text", f"{POST}/revisions", "The formula", do.read_a_version),
    ],
    "writing": [
        Screen(NEWCOMER, "editor-new", "/posts/new", "Write in Markdown."),
        Screen(GUEST, "editor-guest", "/posts/new", "Guests read and comment"),
        Screen(GUEST, "editor-not-yours", f"{POST}/edit", "This post is not yours to edit"),
        Screen(WRITER, "toast", "/posts/new", "Moved to trash", do.trash_a_draft),
        Screen(ADA, "editor", f"{POST}/edit", "Saved", do.wait_for_the_text),
        Screen(ADA, "editor-read", f"{POST}/edit", "The formula", do.read_the_preview),
        Screen(WRITER, "editor-slash-menu", "/posts/new", "Smaller heading", do.type_a_slash),
        Screen(ADA, "editor-more-menu", f"{POST}/edit", "Move to trash", do.open_deeds),
        Screen(ADA, "editor-visibility-menu", f"{POST}/edit", "Who reads it", do.open_visibility),
        Screen(ADA, "editor-people", f"{POST}/edit", "Who is it for?", do.choose_people),
        Screen(ADA, "editor-category-menu", f"{POST}/edit", "Instruments", do.open_categories),
        Screen(
            ADA,
            "editor-schedule",
            "/posts/grant-report-first-half/edit",
            "When should it be",
            do.open_schedule,
        ),
        Screen(
            ADA,
            "editor-conflict",
            "/posts/grant-report-first-half/edit",
            "Two versions of this post",
            do.meet,
        ),
        Screen(ADA, "editor-trashed", "/posts/old-rota/edit", "is in the trash"),
    ],
    "finding": [
        Screen(NEWCOMER, "inbox-empty", "/notifications", "Nothing here yet"),
        Screen(ADA, "search", "/search", "Search posts, comments, people and messages"),
        Screen(ADA, "search-results", "/search?q=star", "From raw frame to light curve"),
        Screen(ADA, "search-dates", "/search?q=star", "Which days?", do.choose_dates),
        Screen(ADA, "search-nothing", "/search?q=submarine&status=published", "Nothing matches"),
        Screen(ADA, "palette", "/posts", "Go to", do.open_palette),
        Screen(ADA, "palette-found", "/posts", "Search everything for", do.find_in_palette),
        Screen(ADA, "shortcuts", "/posts", "Keyboard shortcuts", do.open_shortcuts),
        Screen(ADA, "inbox", "/notifications", "mentioned you"),
        Screen(ADA, "inbox-menu", "/notifications", "Mute this post", do.open_told),
    ],
    "talking": [
        Screen(WRITER, "chat-empty", "{empty_thread}", "Nothing has been said here yet"),
        Screen(ADA, "chat-threads", "/chat", "Beside posts"),
        Screen(ADA, "chat-everyone", "/chat", "The dome is open", do.open_everyone),
        Screen(ADA, "chat", "{thread}", "Which gain did you use?"),
        Screen(ADA, "chat-actions", "{thread}", "Mark unread from here", do.open_message_menu),
        Screen(ADA, "chat-react", "{thread}", "Which gain did you use?", do.open_reactions, only="wide"),
        Screen(ADA, "chat-answer", "{thread}", "Answering Tomás Rivera", do.answer_a_message),
        Screen(ADA, "chat-mention", "{thread}", "Mikkel Dahl", do.mention_in_thread),
        Screen(ADA, "chat-remove", "{thread}", "Remove your message for good?", do.ask_to_remove_a_message),
        Screen(ADA, "chat-pinned", "{thread}", "Gain 120 below 5 °C", do.open_pinned),
        Screen(ADA, "chat-found", "{thread}", "2 messages", do.search_in_thread),
        Screen(ADA, "chat-make-post", "{thread}", "Make a post of this thread", do.ask_for_a_post),
        Screen(ADA, "chat-new-thread", "/chat", "Everybody in the organization can read", do.open_new_thread),
        Screen(ADA, "chat-no-thread", "/chat/nothing", "This page doesn't exist"),
        Screen(ADA, "post-thread", POST, "Shall we add the fourth?", do.open_thread_beside),
        Screen(ADA, "search-messages", "/search?q=gain&kind=messages", "Which gain did you use?"),
        Screen(ADA, "chat-reconnecting", "{thread}", "Connecting again", do.lose_connection),
    ],
    "settings": [
        Screen(NEWCOMER, "person-empty", "/you", "hasn't published anything yet", do.open_own_profile),
        Screen(ADA, "person", "{person}", "On the roof from October to March."),
        Screen(ADA, "you", "/you", "Ada Okafor"),
        Screen(ADA, "settings-profile", "/settings/profile", "Shown under your name."),
        Screen(ADA, "settings-notifications", "/settings/notifications", "Somebody mentions you"),
        Screen(ADA, "settings-appearance", "/settings/appearance", "Letters of posts"),
        Screen(ADA, "settings-sessions", "/settings/sessions", "This device"),
        Screen(
            ADA, "settings-sessions-end", "/settings/sessions", "Sign out everywhere?", do.ask_to_end_sessions
        ),
        Screen(
            ADA,
            "settings-password-refused",
            "/settings/sessions",
            "Write your current",
            do.change_no_password,
        ),
        Screen(ADA, "members", "/settings/members", "leo@school.example"),
        Screen(ADA, "members-nobody", "/settings/members", "Nobody is called", do.look_for_nobody),
        Screen(ADA, "members-menu", "/settings/members", "Open profile", do.open_member),
        Screen(ADA, "members-deactivate", "/settings/members", "Deactivate Tomás", do.ask_to_deactivate),
        Screen(ADA, "members-invite", "/settings/members", "Invite somebody", do.open_invite),
        Screen(ADA, "members-invited", "/settings/members", "is invited", do.invite),
    ],
}
