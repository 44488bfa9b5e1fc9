"""What makes a FastAPI application one of ours. A service's modules import from here and from no file inside."""

from __future__ import annotations

from dfworx.shared.serve.activity import Activity
from dfworx.shared.serve.application import build_app, gather_routes
from dfworx.shared.serve.bodies import Body
from dfworx.shared.serve.dependencies import CacheDep, Db, Reading, Writing, get_cache, get_database
from dfworx.shared.serve.idempotency import TAKES_NO_KEY
from dfworx.shared.serve.lanes import HotAnswers
from dfworx.shared.serve.limits import Windows
from dfworx.shared.serve.logs import start_logging
from dfworx.shared.serve.problems import Problem, problem_response, problems

__all__ = [
    "TAKES_NO_KEY",
    "Activity",
    "Body",
    "CacheDep",
    "Db",
    "HotAnswers",
    "Problem",
    "Reading",
    "Windows",
    "Writing",
    "build_app",
    "gather_routes",
    "get_cache",
    "get_database",
    "problem_response",
    "problems",
    "start_logging",
]
