"""What a file's name says, and whether its text bears it out.

File names are written by people in a hurry. A protocol saved as ``…_DAPA_HF_…`` whose text never
says DAPA is not found under that name, and the curator is told; otherwise a question about one
trial would be answered from another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ingest.model import Block

_WORD = re.compile(r"[A-Za-z0-9]+|[^\W_]+")
# An acronym people would ask for. Registry numbers (NCT…) are left alone: a protocol is often
# written before it is registered.
_ACRONYM = re.compile(r"[A-Z]{4,}\d{0,3}")
# VALOR-HCM says VALOR and HCM, and is VALORHCM to the one who names the file.
_SAID = re.compile(r"[A-Za-z0-9]+(?:[-\u2010-\u2013][A-Za-z0-9]+)*")
_HYPHEN = re.compile(r"[-\u2010-\u2013]")
_ENOUGH_TEXT = 5000  # characters; a short text need not repeat its name


@dataclass(frozen=True, slots=True)
class NameCheck:
    """``label`` is the file name as words without those the text contradicts (``doubtful``)."""

    label: str
    doubtful: tuple[str, ...]


def check_name(path: str, blocks: Sequence[Block]) -> NameCheck:
    """Compare the acronyms in a file's name with its text."""
    words = _WORD.findall(PurePath(path).stem)
    said: set[str] = set()
    size = 0
    for block in blocks:
        size += len(block.text)
        for name in _SAID.findall(block.text.upper()):
            said.update((*_HYPHEN.split(name), _HYPHEN.sub("", name)))
    if size < _ENOUGH_TEXT:
        return NameCheck(" ".join(words), ())
    doubtful = tuple(w for w in words if _ACRONYM.fullmatch(w) and w not in said)
    return NameCheck(" ".join(w for w in words if w not in doubtful), doubtful)


_IDENTIFIER = re.compile(
    r"\bNCT\d{8}\b|\bChiCTR[-A-Z]*\d{8,10}\b|\b\d{4}-\d{6}-\d{2}\b"  # registries, EudraCT
    r"|\b[A-Z]{4,}(?:-[A-Za-z0-9]+)+\b"  # EMPEROR-Reduced, VALOR-HCM
    r"|\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]+)*\b"  # D1699C00001
    r"|\b\d{3,5}\.\d{2,4}\b",  # 1245.121
    re.ASCII,  # a name that touches a Chinese character ends there
)
_OPENING_BLOCKS = 30
_MOST = 12


def find_identifiers(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Trial names, registry numbers and study codes on a document's first pages."""
    found: dict[str, int] = {}
    for block in blocks[:_OPENING_BLOCKS]:
        for name in _IDENTIFIER.findall(block.text):
            if len(name) >= 5:
                found[name] = found.get(name, 0) + 1
    return tuple(sorted(found, key=lambda name: -found[name])[:_MOST])
