"""What a cohort, its description or its criteria are refused for."""

from __future__ import annotations

from design.errors import BadDesign


class BadCohort(BadDesign):
    """A source, a description or criteria that cannot be used; told without any patient's data."""
