"""Which model describes figures; apart from what it takes to ask it, which is slow to import."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class VisionModel:
    """Which model is asked, and how; ``key`` is never part of a message."""

    model: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0
    max_figures: int = 50
