"""Where the text of an RTF group goes: into a story, a captured string, a table or a formula."""

from __future__ import annotations

import re

from lxml import etree

from ingest.structure.ooxml import Element, M
from ingest.structure.raised import Shift, written
from ingest.structure.rtfcodec import Font
from ingest.structure.rtfstate import Context, State
from ingest.structure.rtfstory import Story

_NOT_XML = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TINY = 4  # half points


def put(context: Context, text: str) -> None:
    """Send text where the current group sends it."""
    state = context.state
    if state.table:
        _table_text(context, text)
    elif state.capture is not None:
        if not state.is_gone:
            state.capture.append(_captured(state.capture, text, state.shift))
    elif state.math is not None:
        _formula_text(context, state, state.math, text)
    elif state.story is not None:
        _story_text(context, state, state.story, text)


def _captured(before: list[str], text: str, shift: Shift) -> str:
    """How a piece is written behind those captured before it."""
    if shift is Shift.LEVEL:
        return text
    last = "".join(before[-1:])
    return written([(last, Shift.LEVEL), (text, shift)])[len(last) :]


def _story_text(context: Context, state: State, story: Story, text: str) -> None:
    _count_change(context, state)
    if state.is_gone:
        return
    reason = "" if story.is_furniture else _unseen(context, state)
    if reason:
        found = context.rtf.unseen
        if reason == context.last_unseen and found:
            found[-1] = (reason, found[-1][1] + text, found[-1][2])
        elif text.strip():
            found.append((reason, text, f"/rtf/*[{len(context.rtf.body.items) + 1}]"))
            context.last_unseen = reason
        return
    context.last_unseen = ""
    if state.shift is Shift.GONE and text.strip() and not story.goes_on(Shift.GONE):
        context.rtf.left_out["struck"] += 1
    story.add(text, state.bold, state.shift)


def _formula_text(context: Context, state: State, element: Element, text: str) -> None:
    if not _is_property(element):
        _count_change(context, state)
        if state.is_gone:
            return
        if state.shift is Shift.GONE:
            context.rtf.left_out["struck"] += bool(text.strip())
            return
    _math_piece(element, text)


def _count_change(context: Context, state: State) -> None:
    change = "deleted" if state.is_gone else "inserted" if state.revised else ""
    if change and change != context.last_change:
        context.rtf.left_out[change] += 1
    context.last_change = change


def _unseen(context: Context, state: State) -> str:
    if state.hidden:
        return "hidden text"
    if state.size <= _TINY:
        return "text too small to read"
    if 0 < state.colour < len(context.colours) and min(context.colours[state.colour]) >= 0xFA:
        backed = state.backed or (state.depth > 0 and context.row.shaded)
        return "" if backed else "white text"
    return ""


def _table_text(context: Context, text: str) -> None:
    state = context.state
    if state.table == "font":
        font = context.fonts.setdefault(state.font, Font())
        font.name += text.replace(";", "").strip()
    elif state.table == "color":
        context.colours += [[-1, 0, 0] for _ in range(text.count(";"))]
    elif state.table == "style":
        name, level = context.rtf.styles.get(context.style, ("", None))
        context.rtf.styles[context.style] = (name + text.replace(";", ""), level)


def table_word(context: Context, name: str, number: int | None) -> None:
    """Take a word inside the table of fonts, colours or styles."""
    value = number or 0
    state = context.state
    if state.table == "font":
        font = context.fonts.setdefault(value if name == "f" else state.font, Font())
        if name == "f":
            state.font = value
            context.fonts[value] = Font()
        elif name == "fcharset":
            font.charset = value
        elif name == "cpg":
            font.codepage = value
    elif state.table == "color" and name in {"red", "green", "blue"}:
        context.colours[-1][("red", "green", "blue").index(name)] = value
    elif state.table == "style":
        if name == "s":
            context.style = value
            context.rtf.styles[value] = ("", None)
        elif name == "outlinelevel":
            named, _ = context.rtf.styles.get(context.style, ("", None))
            context.rtf.styles[context.style] = (named, value)


def _math_piece(element: Element, text: str) -> None:
    """Put text into a formula: a run's letters, or the value of a property."""
    text = _NOT_XML.sub("", text)
    if _is_property(element):
        element.set(f"{M}val", element.get(f"{M}val", "") + text.strip())
    elif not element.tag.endswith("Pr"):
        etree.SubElement(element, f"{M}t").text = text


def _is_property(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag.endswith("Pr")
