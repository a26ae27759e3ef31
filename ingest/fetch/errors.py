"""Errors of fetching; each is one sentence for the person who asked."""

from __future__ import annotations

from ingest.errors import BadInput


class FetchError(BadInput):
    """A source that cannot be used, now or as asked. What was fetched before it is kept."""


class Refused(FetchError):
    """The source answered that it will not serve this request.

    Attributes:
        status: HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Malformed(Exception):
    """An answer that is not what it should be; the request is repeated."""
