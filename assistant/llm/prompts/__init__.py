"""The instructions to the model: one reviewed file for each language, each rule with its reason."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent
_COMMENT = re.compile(r"<!--.*?-->\n?", re.S)
_SECTION = re.compile(r"^# (\w+)\n", re.M)
_REASON = re.compile(r"^- (\w+): (.+)$", re.M)


@cache
def _sections(language: str) -> dict[str, str]:
    text = (_FOLDER / f"{language}.md").read_text(encoding="utf-8")
    _, *pieces = _SECTION.split(_COMMENT.sub("", text))
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def prompt(language: str, section: str) -> str:
    """A section of the instructions in ``zh`` or ``en``, without the reasons."""
    return _sections(language)[section]


def system_prompt(language: str, *, tools: bool) -> str:
    """The system message; documents and questions are never part of it."""
    text = prompt(language, "system")
    return f"{text}\n\n{prompt(language, 'tools')}" if tools else text


def reason(language: str, failure: str) -> str:
    """Why a statement failed, as the model is told."""
    known: dict[str, str] = dict(_REASON.findall(prompt(language, "reasons")))
    return known.get(failure) or known["other"]


def prompt_hash(text: str) -> str:
    """SHA-256 of the system message, for the record."""
    return sha256(text.encode()).hexdigest()
