"""How well a file was read: what the quality report and ``xinglin docs show`` tell a curator."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

PageMethod = Literal["text", "ocr", "blank", "failed"]
RemarkKind = Literal["hidden", "personal", "contact", "instruction"]


@dataclass(frozen=True, slots=True)
class PageQuality:
    """How one page was read.

    Attributes:
        page: Number, counted from 1.
        method: ``text`` (its own text layer), ``ocr``, ``blank`` or ``failed``.
        confidence: Mean confidence of the recognised words, 0 to 1; None unless ``ocr``.
        doubtful_digits: Number of digits recognised with little confidence.
        note: What a curator should know, else empty.
    """

    page: int
    method: PageMethod
    confidence: float | None = None
    doubtful_digits: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A part of a file that a curator should look at.

    Attributes:
        kind: ``hidden`` text that no reader sees, kept out of the index; ``personal`` data;
            a published ``contact``; an ``instruction`` to a language model.
        place: Where, in words: ``page 3``, ``sheet 入组 B7``.
        reason: What it is.
        excerpt: Its beginning, with personal data masked.
    """

    kind: RemarkKind
    place: str
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What a report says of one document: its format, pages and parts to look at."""

    format: str
    pages: tuple[PageQuality, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def confidence(self) -> float | None:
        """Mean confidence over the recognised pages; ``None`` when none was recognised."""
        known = [page.confidence for page in self.pages if page.confidence is not None]
        return sum(known) / len(known) if known else None

    @property
    def doubtful_digits(self) -> int:
        """Digits recognised with little confidence, all pages together."""
        return sum(page.doubtful_digits for page in self.pages)


def quality_to_json(quality: Quality) -> dict[str, Any]:
    """Return ``quality`` as JSON-ready data."""
    return asdict(quality)


def quality_from_json(data: dict[str, Any]) -> Quality:
    """Rebuild a :class:`Quality` written by :func:`quality_to_json`."""
    return Quality(
        data["format"],
        tuple(PageQuality(**page) for page in data["pages"]),
        tuple(Remark(**remark) for remark in data["remarks"]),
    )
