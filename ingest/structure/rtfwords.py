"""Control words of RTF that format text or build tables, and what each does.

Follows the Rich Text Format Specification 1.9.1; its chapters name the words.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.structure.raised import Shift
from ingest.structure.rtfstate import Context, State
from ingest.structure.rtftable import CellShape, RowShape

_MAX_DEPTH = 10  # of tables in cells of tables
# Characters that are written as words.
CHARACTERS = {
    "tab": " ", "line": "\n", "lbr": "\n", "page": " ", "column": " ", "softline": "\n",
    "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip

Handler = Callable[[Context, State, int | None], None]


def _switch(name: str) -> Handler:
    """A word such as ``\\b`` that is on, and off with the parameter 0."""

    def handle(context: Context, state: State, number: int | None) -> None:
        setattr(state, name, number != 0)

    return handle


def _value(name: str) -> Handler:
    def handle(context: Context, state: State, number: int | None) -> None:
        setattr(state, name, number or 0)

    return handle


def _paragraph(context: Context, state: State, number: int | None) -> None:
    _end_paragraph(context, state, state.depth)


def _end_paragraph(context: Context, state: State, depth: int) -> None:
    if state.story is not None:
        goes_on = state.is_gone  # a deleted end joins the paragraph with the next one
        state.story.end_paragraph(state.style, state.outline, state.centred, depth, goes_on)
        context.last_unseen = ""


def _cell(context: Context, state: State, number: int | None) -> None:
    _end_paragraph(context, state, 1)
    if state.story is not None:
        state.story.end_cell(1)


def _nested_cell(context: Context, state: State, number: int | None) -> None:
    depth = max(2, state.depth)
    _end_paragraph(context, state, depth)
    if state.story is not None:
        state.story.end_cell(depth)


def _row(context: Context, state: State, number: int | None) -> None:
    if state.story is not None:
        state.story.end_row(1, context.row)


def _nested_row(context: Context, state: State, number: int | None) -> None:
    if state.story is not None:
        state.story.end_row(max(2, state.depth), context.row)


def _row_start(context: Context, state: State, number: int | None) -> None:
    context.row, context.cell = RowShape(), CellShape(0)


def _cell_edge(context: Context, state: State, number: int | None) -> None:
    context.cell.edge = number or 0
    context.row.cells.append(context.cell)
    context.cell = CellShape(0)


def _row_header(context: Context, state: State, number: int | None) -> None:
    context.row.is_header = True


def _cell_flag(name: str) -> Handler:
    def handle(context: Context, state: State, number: int | None) -> None:
        setattr(context.cell, name, True)

    return handle


def _reset_paragraph(context: Context, state: State, number: int | None) -> None:
    state.style, state.outline, state.centred, state.depth = 0, None, False, 0


def _reset_text(context: Context, state: State, number: int | None) -> None:
    state.hidden = state.bold = state.deleted = state.moved = state.revised = False
    state.struck = state.doubly_struck = False
    state.script, state.lift = Shift.LEVEL, 0
    state.size, state.colour, state.backed = 24, 0, False
    state.font = context.default_font


def _script(shift: Shift) -> Handler:
    def handle(context: Context, state: State, number: int | None) -> None:
        state.script = Shift.LEVEL if number == 0 else shift

    return handle


def _lift(sign: int) -> Handler:
    """``\\up`` and ``\\dn``: by half points, 6 where none are said."""

    def handle(context: Context, state: State, number: int | None) -> None:
        state.lift = sign * (6 if number is None else number)

    return handle


def _in_table(context: Context, state: State, number: int | None) -> None:
    state.depth = 0 if number == 0 else max(1, state.depth)


def _depth(context: Context, state: State, number: int | None) -> None:
    state.depth = min(max(0, number or 0), _MAX_DEPTH)


def _codepage(context: Context, state: State, number: int | None) -> None:
    context.decoder.set_codepage(number or 1252)


def _far_east(context: Context, state: State, number: int | None) -> None:
    state.far_east = number


def _default_font(context: Context, state: State, number: int | None) -> None:
    context.default_font = state.font = number or 0


WORDS: dict[str, Handler] = {
    "par": _paragraph, "sect": _paragraph, "cell": _cell, "nestcell": _nested_cell, "row": _row,
    "trowd": _row_start, "cellx": _cell_edge, "trhdr": _row_header,
    "clvmrg": _cell_flag("above"), "clmrg": _cell_flag("left"), "clcbpat": _cell_flag("shaded"),
    "pard": _reset_paragraph, "plain": _reset_text, "intbl": _in_table, "itap": _depth,
    "nestrow": _nested_row,
    "ansicpg": _codepage, "deff": _default_font, "f": _value("font"), "af": _far_east,
    "uc": _value("skip"), "v": _switch("hidden"), "deleted": _switch("deleted"),
    "mvf": _switch("moved"), "revised": _switch("revised"), "b": _switch("bold"),
    "strike": _switch("struck"), "striked": _switch("doubly_struck"),
    "super": _script(Shift.RAISED), "sub": _script(Shift.LOWERED),
    "nosupersub": _script(Shift.LEVEL), "up": _lift(1), "dn": _lift(-1),
    "fs": _value("size"), "cf": _value("colour"), "cb": _switch("backed"),
    "highlight": _switch("backed"), "chcbpat": _switch("backed"), "cbpat": _switch("backed"),
    "s": _value("style"), "outlinelevel": _value("outline"), "qc": _switch("centred"),
}  # fmt: skip
