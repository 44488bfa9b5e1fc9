"""On what a figure was measured: enough to compare two runs, and nothing that names the machine or its owner."""

from __future__ import annotations

import os
import platform
from typing import Any

import psutil


def describe_machine(postgres: str | None = None) -> dict[str, Any]:
    """`postgres` is the measured server's version, for benchmarks that have one."""
    described = {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total >> 20,
        "python": platform.python_version(),
        "kernel": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
    }
    return described | ({"postgresql": postgres} if postgres else {})
