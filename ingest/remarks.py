"""Remarks for the curator: hidden text, instructions to a model and personal data, masked."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.loaders.base import Withheld
from ingest.model import Block, Locator
from ingest.privacy import Finding, InstructionFinding
from ingest.privacy.findings import LABELS
from ingest.quality import Remark
from ingest.screening import ScreenedDocument

_EXCERPT = 80
_MOST = 200  # remarks of one kind that a report can usefully list


def hidden_remarks(withheld: Sequence[Withheld], screened: ScreenedDocument) -> list[Remark]:
    """Text that no reader sees, by the beginning of its masked form; first of the excerpts."""
    return [
        Remark("hidden", place_of(screened.where(one.locator)), one.reason, _short(text))
        for one, text in zip(withheld[:_MOST], screened.excerpts, strict=False)
    ]


def instruction_remarks(
    blocks: Sequence[Block], findings: Sequence[InstructionFinding], screened: ScreenedDocument
) -> list[Remark]:
    """Passages that speak to a language model; the last of the excerpts."""
    excerpts = screened.excerpts[len(screened.excerpts) - len(findings) :]
    return [
        Remark(
            "instruction",
            place_of(screened.where(blocks[one.block].locator)),
            one.rule,
            _short(text),
        )
        for one, text in zip(findings[:_MOST], excerpts, strict=False)
    ]


def privacy_remarks(blocks: Sequence[Block], findings: Sequence[Finding]) -> list[Remark]:
    """Personal data first, then published contacts; values only in their masked form."""
    found = [
        Remark(
            "personal" if one.severity == "personal" else "contact",
            place_of(blocks[one.block].locator),
            f"{one.kind} ({LABELS[one.kind]}): {one.reason}",
            one.masked,
        )
        for one in findings
    ]
    return sorted(found, key=lambda remark: remark.kind != "personal")[:_MOST]


def place_of(locator: Locator) -> str:
    """A locator in words, the nearest place first."""
    parts = [
        f"page {locator.page}" if locator.page else "",
        f"sheet {locator.sheet}" if locator.sheet else "",
        locator.cells or "",
        f"line {locator.line}" if locator.line else "",
        locator.section or "",
        "" if locator.page or locator.sheet or locator.line else locator.path or "",
    ]
    return " ".join(part for part in parts if part) or "the document"


def _short(text: str) -> str:
    return " ".join(text.split())[:_EXCERPT]
