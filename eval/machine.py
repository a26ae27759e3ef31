"""What a figure was measured on, and how much memory a process needed."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_CPU = Path("/proc/cpuinfo")
_STATUS = Path("/proc/self/status")


def describe() -> str:
    """Processor, number of cores, system and Python, in one line."""
    return (
        f"{_cpu_model()}, {_cores()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def _cpu_model() -> str:
    return _field(_CPU, "model name") or platform.processor() or "unknown processor"


def _cores() -> int:
    """Cores this process may use; fewer than the machine has inside a container."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1


def peak_memory_mb() -> float | None:
    """Largest resident memory of this process so far, in MB (10^6 bytes).

    Read from ``/proc`` where there is one: ``getrusage`` of a child begins with the memory of the
    process that started it. ``None`` where neither exists.
    """
    peak = _field(_STATUS, "VmHWM")
    if peak:
        return int(peak.split()[0]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if platform.system() == "Darwin" else used * 1024 / 1e6


def _field(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in found if key.strip() == name), None)
