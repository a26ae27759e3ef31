"""What a curator should know of single pages: warnings, withheld text, quality."""

from __future__ import annotations

import re
from collections import defaultdict

from ingest.layout.shapes import Page
from ingest.loaders.base import PageQuality, Withheld
from ingest.model import Locator
from ingest.quality import PageMethod

_REASON = 200  # characters of somebody else's error message
_SHOWN = 16  # characters of hidden text in a warning
_SURE = 0.9  # mean confidence of a recognised page below which it is named


class PageReport:
    """Collects page after page; one warning names all pages it is about.

    Args:
        ocr: Name of the text recognition, ``none`` without one.
    """

    def __init__(self, ocr: str) -> None:
        self.ocr = ocr
        self.failed: dict[int, str] = {}
        self.no_layer: list[int] = []
        self.blank: list[int] = []
        self.unmapped: list[int] = []
        self.garbled: dict[int, str] = {}
        self.reread: list[int] = []
        self.partly: list[int] = []
        self.ocr_failed: dict[int, str] = {}
        self.ocr_missing: str | None = None
        self.withheld: list[Withheld] = []
        self.quality: dict[int, PageQuality] = {}
        self._outside: dict[int, int] = {}
        self._guessed: list[int] = []
        self._layered: list[int] = []

    def note(self, page: Page) -> None:
        """Note what reading the text layer of ``page`` brought up."""
        number = page.number
        if page.unmapped > max(5, 0.02 * page.characters):
            self.unmapped.append(number)
        if any(line.guessed for column in page.columns for line in column):
            self._guessed.append(number)
        if page.outside:
            self._outside[number] = page.outside
        if page.layered:
            self._layered.append(number)
        by_reason: dict[str, list[str]] = defaultdict(list)
        for hidden in page.hidden:
            by_reason[hidden.reason].append(hidden.text)
        for reason, texts in by_reason.items():
            boxes = [h.shown for h in page.hidden if h.reason == reason and h.shown]
            x0, y0, x1, y1 = boxes[0] if len(boxes) == 1 else (0.0, 0.0, 0.0, 0.0)
            box = (round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)) if x1 else None
            self.withheld.append(Withheld(reason, " ".join(texts), Locator(number, box)))

    def read_as_text(self, page: Page) -> None:
        """The text layer of ``page`` is what its blocks hold."""
        note = "text layer of a scan, made by a recognition program" if page.layered else ""
        self.quality[page.number] = PageQuality(page.number, "text", note=note)

    def set(self, number: int, method: PageMethod, note: str = "") -> None:
        """Say how a page without usable text was dealt with."""
        self.quality[number] = PageQuality(number, method, note=note)

    def fail_recognition(self, number: int, error: Exception) -> None:
        """Text recognition broke down on a page."""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        self.ocr_failed[number] = lines[-1][:_REASON]
        self.set(number, "failed", f"text recognition failed: {lines[-1][:_REASON]}")

    def no_text(self, count: int) -> str:
        """Why a file of ``count`` pages gave no text at all."""
        if len(self.failed) == count:
            return f"no page of the PDF can be read ({next(iter(self.failed.values()))})"
        if self.ocr_failed:
            reason = next(iter(self.ocr_failed.values()))
            return f"text recognition (OCR) failed on every page ({reason})"
        if self.no_layer:
            if self.ocr_missing:
                return f"the PDF is a scan without a text layer, and {self.ocr_missing}"
            if self.ocr != "none":
                return f"the PDF is a scan on which text recognition ({self.ocr}) finds no text"
            return (
                "the PDF is a scan without a text layer; switch text recognition on "
                "(ingest.ocr = rapidocr) and read it again"
            )
        if self.unmapped or self.garbled:
            return "the PDF does not say which characters its glyphs stand for; export it again"
        if self.withheld:
            return "all text of the PDF is hidden from its readers; nothing to index"
        if self.blank:
            return "all pages of the PDF are blank; nothing to read"
        return "the PDF holds nothing but page headers and footers"

    def warnings(self) -> list[str]:
        """What a curator should know, gravest first."""
        found = []
        off = self.ocr_missing or (
            "text recognition is off (ingest.ocr = rapidocr switches it on)"
            if self.ocr == "none"
            else f"text recognition ({self.ocr}) finds none either"
        )
        if self.no_layer:
            found.append(f"{pages(self.no_layer)} no text layer (a scan?); {off}")
        if self.failed:
            reason = next(iter(self.failed.values()))
            found.append(f"{pages(sorted(self.failed), 'could not be read')}: {reason}")
        if self.ocr_failed:
            reason = next(iter(self.ocr_failed.values()))
            numbers = sorted(self.ocr_failed)
            found.append(f"{pages(numbers, 'could not be recognised')}: {reason}")
        if self.partly:
            found.append(
                f"{pages(self.partly)} more text in their picture than in their text layer says; "
                "compare them with the page"
            )
        if self.reread:
            reasons = sorted({self.garbled[n] for n in self.reread})
            found.append(
                f"{pages(sorted(self.reread))} a text layer that says something else than the "
                f"page shows ({', '.join(reasons)}); text recognition read the page instead"
            )
        if left := sorted(set(self.garbled) - set(self.reread)):
            reasons = sorted({self.garbled[n] for n in left})
            found.append(
                f"{pages(left)} a text layer that cannot be what the page shows "
                f"({', '.join(reasons)}); it should be compared with the page; {off}"
            )
        if self.unmapped:
            found.append(
                f"{pages(self.unmapped)} characters whose meaning the file does not tell; "
                "they are left out"
            )
        if self._guessed:
            found.append(
                f"{pages(self._guessed)} text in a font without a character map; it is read by "
                "glyph number and should be compared with the page"
            )
        return [*found, *self._recognised(), *self._hidden()]

    def _recognised(self) -> list[str]:
        """On pages read by recognition, ours or that of the program that made the file."""
        found = []
        done = [q for q in self.quality.values() if q.method == "ocr"]
        if done:
            numbers = sorted(q.page for q in done)
            digits = sum(q.doubtful_digits for q in done)
            text = f"{pages(numbers, 'read by text recognition')}"
            if weak := sorted(q.page for q in done if (q.confidence or 0) < _SURE):
                text += f"; little confidence on {pages(weak, '').rstrip()}"
            if digits:
                text += f"; {digits} digits are doubtful and marked"
            found.append(text)
        if self._layered:
            found.append(
                f"{pages(self._layered)} text that a recognition program put behind a scan; "
                "it is read as it is"
            )
        return found

    def _hidden(self) -> list[str]:
        found = []
        if self._outside:
            total = sum(self._outside.values())
            found.append(
                f"{pages(sorted(self._outside))} text outside the visible page; {total} "
                "characters are left out"
            )
        kinds: dict[str, list[Withheld]] = defaultdict(list)
        for item in self.withheld:
            if item.locator.bbox or item.reason != "text outside the visible page":
                kinds[item.reason].append(item)
        for reason, items in kinds.items():
            total = sum(len(item.text) for item in items)
            numbers = [n for item in items if (n := item.locator.page) is not None]
            found.append(
                f"{pages(numbers)} {reason}, which no reader sees; {total} characters "
                f"(“{masked(items[0].text)}”) are left out"
            )
        return found


def masked(text: str) -> str:
    """The beginning of hidden text with its figures covered: it may hold personal data."""
    text = " ".join(text.split())
    shown = re.sub(r"\d", "•", text[:_SHOWN])
    return shown + ("…" if len(text) > _SHOWN else "")


def pages(numbers: list[int], verb: str | None = None) -> str:
    """``page 3 has``, ``pages 3-7, 9 have``, or with another verb."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    written = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
    one = len(numbers) == 1
    verb = ("has" if one else "have") if verb is None else verb
    return f"page{'' if one else 's'} {written} {verb}"
