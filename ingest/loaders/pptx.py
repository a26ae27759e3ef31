"""PowerPoint presentations (.pptx): slide by slide, in the order a reader takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.archive import open_office_zip
from ingest.errors import BadInput
from ingest.flags import OCR
from ingest.loaders.base import Loaded, Source
from ingest.model import Block
from ingest.ocr.embedded import Embedded
from ingest.structure.docxheadings import title_of
from ingest.structure.headings import compress_levels
from ingest.structure.pptxdeck import Deck, Slide
from ingest.structure.pptxslide import UNTITLED, SlideReader

HIDDEN = "hidden_slide"
_LEFT_OUT = {
    "pictures": "{} pictures have neither a caption nor a text alternative",
    "charts": "{} charts hold no stored values and were not read",
    "diagrams": "{} diagrams have no data of their own and were not read",
    "objects": "{} embedded objects were not read",
    "media": "{} films or sound recordings were not read",
    "groups": "{} groups of shapes nested too deeply were not read",
    "struck": "{} struck-out passages were left out",
    "symbols": "{} characters of symbol fonts are unknown and stand as □ or \ufffd",
    "comments": "{} comments were not read",
}


def load(source: Source) -> Loaded:
    """Read a presentation: page is the slide's number, section its title.

    Titles are headings, charts and tables are tables (a chart's with the flag ``chart``),
    diagrams are lists, pictures with a text alternative or text in them are figures that name
    their part (``graphic:…``), followed by the tables recognised in them. Speaker's notes follow
    their slide as footnotes of the section ``notes``. A slide without a title gets its number as
    heading, flagged ``untitled_slide``. Hidden slides are read and flagged ``hidden_slide``. What
    no reader sees (hidden shapes, text outside the slide or below 2 pt) is withheld; struck-out
    text, slide numbers, dates, footers and the text of masters are left out.

    Raises :class:`BadInput` for a file that is damaged, protected, an archive bomb, too long or
    without text.
    """
    with open_office_zip(source.data, "pptx") as archive:
        deck = Deck(archive)
        if len(deck.names) > source.max_pages:
            raise BadInput(
                f"the presentation has {len(deck.names)} slides (limit {source.max_pages}); "
                "split it or raise the limit"
            )
        pictures = Embedded(deck.parts.data, source.ocr)
        reader = SlideReader(deck, pictures)
        blocks: list[Block] = []
        hidden: list[int] = []
        silent: list[int] = []
        for number in range(1, len(deck.names) + 1):
            slide = deck.slide(number)
            if slide is None:
                continue
            found, only_pictures = reader.read(number, slide)
            found += reader.notes(number, slide)
            reader.left_out["comments"] += _comments(deck, slide)
            if only_pictures:
                silent.append(number)
            if slide.is_hidden:
                hidden.append(number)
                found = [replace(block, flags=(*block.flags, HIDDEN)) for block in found]
            blocks += found
        core = deck.parts.xml("docProps/core.xml")
    if not any(block.kind != "figure" or OCR in block.flags for block in blocks):
        raise BadInput(
            "the presentation holds no text (perhaps only pictures); "
            "save it as PDF to have its slides recognised"
        )
    first = [(b.text, b.kind == "heading") for b in blocks[:12] if UNTITLED not in b.flags]
    return Loaded(
        compress_levels(blocks),
        title=title_of(core, first),
        pages=len(deck.names),
        warnings=[*deck.parts.warnings, *_warnings(reader, hidden, silent), *pictures.warnings],
        withheld=reader.withheld,
    )


def _comments(deck: Deck, slide: Slide) -> int:
    """Comments on a slide, answers included; old and threaded ones have different elements."""
    roots = [deck.parts.xml(name) for name in deck.parts.related(slide.part, "comments")]
    return sum(1 for root in roots if root is not None for _ in root.iter("{*}cm", "{*}reply"))


def _warnings(reader: SlideReader, hidden: Sequence[int], silent: Sequence[int]) -> list[str]:
    found = [text.format(reader.left_out[kind]) for kind, text in _LEFT_OUT.items()
             if reader.left_out[kind]]  # fmt: skip
    if hidden:
        found.append(f"hidden slides were read all the same: {_listed(hidden)}")
    if silent:
        found.append(
            f"slides without text, only pictures: {_listed(silent)}; "
            "save the presentation as PDF to have them recognised"
        )
    if reader.withheld:
        found.append(f"{len(reader.withheld)} passages that no reader sees were kept out")
    return found


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    return shown if len(numbers) <= 20 else f"{shown} and {len(numbers) - 20} more"
