"""A source on the loopback, and settings that lead to it without long pauses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.fetch import FetchSettings
from tests.ingest.fetch.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server without routes."""
    with Server().running() as running:
        yield running


@pytest.fixture
def settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> FetchSettings:
    """Settings for that server; no proxy stands before the loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return FetchSettings(
        clinicaltrials_url=f"{server.url}/api/v2",
        eutils_url=f"{server.url}/eutils",
        trials_per_minute=60_000,
        backoff_s=0.001,
        retries=3,
        timeout_s=5,
    )
