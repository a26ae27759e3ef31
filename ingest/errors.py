"""Errors of the ingest room.

:class:`BadInput` is the user's file or path: one clear line, and the rest of the batch goes on.
Anything else that escapes a loader is a bug of ours and is reported as such.
"""

from __future__ import annotations


class BadInput(Exception):
    """A file or path that cannot be used. The message says what happened and what to do."""


class UnsupportedFormat(BadInput):
    """The format is not one that a loader is registered for."""
