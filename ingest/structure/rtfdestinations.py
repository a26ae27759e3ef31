"""Groups of RTF that are more than formatting: where their text goes, or that it goes nowhere.

Follows the Rich Text Format Specification 1.9.1 (*destinations*).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from ingest.structure.docxmath import math_text
from ingest.structure.fieldcodes import field_text
from ingest.structure.ooxml import M
from ingest.structure.pictures import useful_description
from ingest.structure.raised import Shift
from ingest.structure.rtfstate import Context, Field, State
from ingest.structure.rtfstory import Figure, Story

# Groups that hold no text of the document, with or without \* before their name.
_SKIPPED = frozenset([
    "nonshppict", "shprslt", "objdata", "pn", "pntxta", "pntxtb", "pnseclvl", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "colorschememapping",
    "latentstyles", "datastore", "xmlnstbl", "bkmkstart", "bkmkend", "xe", "tc", "rxe",
    "filetbl", "template", "atnid", "atnauthor", "atntime", "atnref", "atnicn", "atndate",
    "atnparent", "atrfstart", "atrfend", "panose", "falt", "fontemb", "datafield", "formfield",
    "mmathPict", "nonesttables", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "background", "pgdsctbl", "wgrffmtfilter", "userprops", "docvar", "xmlopen", "xmlclose",
    "mmathPr", "defchp", "defpap",
])  # fmt: skip
_FURNITURE = frozenset([
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
])  # fmt: skip
_MAX_FORMULA = 100  # groups in each other; reading a formula recurses
_INFO = frozenset(["title", "keywords", "subject"])


def enter(context: Context, name: str) -> bool:
    """Turn where the text of a fresh group goes; tells whether the word was used up."""
    state = context.state
    if state.math is not None and name.startswith("m") and len(name) > 1:
        if sum(1 for _ in state.math.iterancestors()) >= _MAX_FORMULA:
            context.silence()
            context.rtf.left_out["formulas"] += 1
        else:
            state.math = etree.SubElement(state.math, M + name[1:])
        return True
    if name in _DESTINATIONS:
        _DESTINATIONS[name](context, state)
        return True
    if name == "annotation":
        context.rtf.left_out["comments"] += 1
    if name in _FURNITURE:
        story = context.start(Story(is_furniture=True))
        state.at_end = lambda: context.rtf.furniture.append(story.text())
        return True
    if name in _INFO and state.capture is None and state.story is None and not state.table:
        pieces = context.capture()
        state.at_end = lambda: context.rtf.info.__setitem__(name, "".join(pieces).strip())
        return True
    if name in _SKIPPED or (state.starred and name not in {"s", "cs", "ts"}):
        context.silence()
        return True
    if state.starred and name in {"cs", "ts"} and state.table == "style":
        context.silence()
        return True
    return False


def _table(context: Context, state: State, name: str) -> None:
    context.silence()
    state.table = name
    if name == "style":
        context.style = 0


def _footnote(context: Context, state: State) -> None:
    parent = state.story
    if parent is None:
        return
    if state.is_gone or state.shift is Shift.GONE:
        context.silence()
        return
    story = context.start(Story())
    context.rtf.notes.append(story)
    state.script, state.lift = Shift.LEVEL, 0
    parent.add(str(len(context.rtf.notes)), False, Shift.NOTE)


def _box(context: Context, state: State) -> None:
    parent = state.story
    if parent is None:
        return
    story = context.start(Story(is_furniture=parent.is_furniture))
    state.at_end = lambda: parent.later.extend(story.finish())


def _label(context: Context, state: State) -> None:
    parent = state.story
    pieces = context.capture()

    def close() -> None:
        if parent is not None:
            parent.label = _label_text("".join(pieces))

    state.at_end = close


def _instruction(context: Context, state: State) -> None:
    parent = state.story
    pieces = context.capture()
    result = context.stack[-1] if context.stack else state

    def close() -> None:
        instruction = "".join(pieces)
        if parent is not None and instruction.split()[:1] == ["TOC"]:
            contents = _Contents(parent, result.at_end)
            result.at_end = contents.close
        elif state.field is not None:
            state.field.instruction += instruction

    state.at_end = close


def _field(context: Context, state: State) -> None:
    """A field: what it shows is written by us where the file holds no result."""
    story = state.story
    if story is None:
        state.field = None
        return
    field = state.field = Field(story.said)

    def close() -> None:
        text = "" if story.said > field.said else field_text(field.instruction)
        if text == "" or state.is_gone or state.hidden or state.shift is Shift.GONE:
            return
        if text is None:
            context.rtf.left_out["fields"] += 1
        story.add(text or "\ufffc", state.bold, Shift.FORMULA)

    state.at_end = close


def _description(context: Context, state: State) -> None:
    """``\\sp``: a property of a drawing; only a picture's text alternative is of use."""
    parent = state.story
    pieces = context.capture()

    def close() -> None:
        text = "".join(pieces)
        told = useful_description(text.removeprefix("wzDescription"))
        if parent is None or not told or not text.startswith("wzDescription"):
            return
        last = parent.later[-1] if parent.later else None
        if isinstance(last, Figure) and not last.description:
            last.description = told
        else:
            parent.later.append(Figure(told))

    state.at_end = close


def _picture(context: Context, state: State) -> None:
    if state.story is not None:
        state.story.later.append(Figure(""))
    # Its properties come first and may describe it; the rest is data.
    state.capture = []


def _either(context: Context, state: State) -> None:
    """``\\upr``: the same text for old readers and, below ``\\ud``, in Unicode."""
    aside = (state.story, state.capture)
    context.silence()
    state.aside = aside


def _unicode_version(context: Context, state: State) -> None:
    if state.aside is not None:
        state.story, state.capture = state.aside


def _nested_shape(context: Context, state: State) -> None:
    """The shape of a row in a nested table; that of the row around it is kept."""
    outer = (context.row, context.cell)

    def close() -> None:
        context.row, context.cell = outer

    state.at_end = close


def _object(context: Context, state: State) -> None:
    if state.story is not None:
        context.rtf.left_out["objects"] += 1


def _formula(context: Context, state: State) -> None:
    parent = state.story
    if parent is None or state.math is not None:
        return
    root = etree.Element(f"{M}oMath")
    state.math = root
    bold = state.bold
    state.at_end = lambda: parent.add(math_text(root), bold, Shift.FORMULA)


class _Contents:
    """Marks what a contents field shows, and ends with the field."""

    def __init__(self, story: Story, before: Callable[[], None] | None) -> None:
        self._story = story
        self._before = before
        story.is_contents = True

    def close(self) -> None:
        self._story.is_contents = False
        if self._before is not None:
            self._before()


def _label_text(text: str) -> str:
    """A list label with the blank that follows it; ``""`` for a bullet."""
    label = " ".join(text.split())
    if label == "o" or not re.search(r"\w|[①-⑳]", label):
        return ""
    return label if re.search(r"[、）】．。：]$", label) else f"{label} "


_DESTINATIONS: dict[str, Callable[[Context, State], None]] = {
    "fonttbl": lambda context, state: _table(context, state, "font"),
    "colortbl": lambda context, state: _table(context, state, "color"),
    "stylesheet": lambda context, state: _table(context, state, "style"),
    "info": lambda context, state: context.silence(),
    "footnote": _footnote,
    "shptxt": _box,
    "listtext": _label,
    "pntext": _label,
    "fldinst": _instruction,
    "sp": _description,
    "pict": _picture,
    "object": _object,
    "moMath": _formula,
    # Groups whose star only keeps old readers out.
    "shppict": lambda context, state: None,
    "shpinst": lambda context, state: None,
    "shp": lambda context, state: None,
    "picprop": lambda context, state: None,
    "moMathPara": lambda context, state: None,
    "mmath": lambda context, state: None,
    "sn": lambda context, state: None,
    "sv": lambda context, state: None,
    "field": _field,
    "fldrslt": lambda context, state: None,
    "nesttableprops": _nested_shape,
    "upr": _either,
    "ud": _unicode_version,
}
