"""Hypothesis draws the same examples each time: what fails on one machine fails on another."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
