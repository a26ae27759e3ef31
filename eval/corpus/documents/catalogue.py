"""The documents by file name: what they are and who makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.corpus.documents import atlas, deck, digests, forms, scans, summary, tables, workbook
from eval.corpus.documents.printing import finish, make_pdf


@dataclass(frozen=True, slots=True)
class Entry:
    """A document: its title, and what makes it at a path and tells its pages or sheets."""

    title: str
    make: Callable[[Path], int]


def _printed(html: Callable[[], str], title: str, subject: str) -> Entry:
    def make(target: Path) -> int:
        return make_pdf(html(), target, title, subject)

    return Entry(title, make)


def _scanned(name: str) -> Entry:
    given = scans.SCANS[name]

    def make(target: Path) -> int:
        scans.make_scan(name, target)
        return finish(target, given.title, given.subject)

    return Entry(given.title, make)


DOCUMENTS: Mapping[str, Entry] = {
    "trial-design-atlas.pdf": _printed(atlas.atlas, atlas.TITLE, atlas.SUBJECT),
    **{
        f"{name}.pdf": _printed(partial(digests.digest, name), given.title, given.subject)
        for name, given in digests.DIGESTS.items()
    },
    "deadline-card.pdf": _printed(tables.deadline_card, tables.CARD_TITLE, tables.CARD_SUBJECT),
    "endpoint-definitions.pdf": _printed(
        tables.endpoint_definitions, tables.ENDPOINTS_TITLE, tables.ENDPOINTS_SUBJECT
    ),
    "ethics-checklist.pdf": _printed(
        forms.ethics_checklist, forms.ETHICS_TITLE, forms.ETHICS_SUBJECT
    ),
    "feasibility-form.pdf": _printed(
        forms.feasibility_form, forms.FEASIBILITY_TITLE, forms.FEASIBILITY_SUBJECT
    ),
    "one-page-summary.pdf": _printed(summary.one_page_summary, summary.TITLE, summary.SUBJECT),
    **{f"{name}.pdf": _scanned(name) for name in scans.SCANS},
    "from-question-to-trial.pptx": Entry(deck.TITLE, deck.make_deck),
    "trial-planning-tools.xlsx": Entry(workbook.TITLE, workbook.make_workbook),
}
