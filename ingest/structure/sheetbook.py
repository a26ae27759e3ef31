"""The parts of a workbook that its sheets share: names of sheets, texts, styles, first day.

Follows ECMA-376, part 1, section 18.2 (workbook). Elements are found by their local names, so that
files saved as "strict" are read too.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from ingest.errors import BadInput
from ingest.structure.ooxml import PART_ERRORS, Element, Parts, R
from ingest.structure.sheetstyles import Styles
from ingest.structure.sheettext import Run, runs_of

_AGAIN = "open and save it again in a spreadsheet program"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its part and whether it is hidden."""

    name: str
    part: str
    hidden: bool = False


class Book:
    """Reads what all sheets of an opened workbook share.

    Raises :class:`BadInput` when the list of sheets, the texts or the styles are damaged: without
    them numbers would stand alone, dates and percentages as bare numbers.
    """

    def __init__(self, archive: zipfile.ZipFile, parts: Parts) -> None:
        self._archive = archive
        main = parts.main("xl/workbook.xml")
        root = _needed(parts, main)
        if root is None:
            raise BadInput(f"the workbook cannot be read (part {main} is missing); {_AGAIN}")
        relations = parts.relations(main)
        self.sheets: list[Sheet] = []
        for item in root.iterfind("{*}sheets/{*}sheet"):
            relation = relations.get(item.get(f"{R}id", ""))
            # A sheet that is one chart, and one of old macros, has no cells.
            part = relation.part if relation is not None and relation.kind == "worksheet" else ""
            hidden = item.get("state", "visible") != "visible"
            self.sheets.append(Sheet(item.get("name") or "", part, hidden))
        properties = root.find("{*}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in {"1", "true", "on"}
        self.epoch: datetime.datetime = MAC_EPOCH if since_1904 else WINDOWS_EPOCH
        theme = next((parts.xml(name) for name in parts.related(main, "theme")), None)
        styles = next((_needed(parts, name) for name in parts.related(main, "styles")), None)
        self.styles = Styles(styles, theme)
        self.texts: list[tuple[Run, ...]] = []
        for name in parts.related(main, "sharedStrings"):
            self.texts += self._texts(name)
        self.title = _title(parts)

    def elements(self, part: str, *names: str) -> Iterator[Element]:
        """Elements of a part with these names, one after the other; each is emptied after use."""
        with self._archive.open(part) as stream:
            tags = [f"{{*}}{name}" for name in names]
            for _, element in etree.iterparse(
                stream, tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
                huge_tree=False,
            ):  # fmt: skip
                yield element
                if element.getparent() is not None:
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]

    def _texts(self, part: str) -> Iterator[tuple[Run, ...]]:
        try:
            for item in self.elements(part, "si"):
                yield runs_of(item, self.styles.font)
        except PART_ERRORS as error:
            raise _damaged(part, error) from error


def _needed(parts: Parts, name: str) -> Element | None:
    """The root of a part that cannot be done without; ``None`` when there is none."""
    root = parts.xml(name)
    if root is None and name in parts.names:
        raise _damaged(name, "no XML")
    return root


def _damaged(part: str, error: object) -> BadInput:
    return BadInput(f"the workbook cannot be read (part {part} is damaged: {error}); {_AGAIN}")


def _title(parts: Parts) -> str | None:
    root = next((parts.xml(name) for name in parts.related("", "core-properties")), None)
    title = "" if root is None else " ".join((root.findtext("{*}title") or "").split())
    return title if len(title) > 3 else None
