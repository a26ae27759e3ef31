"""Fields of Word that a reader sees and whose result the file need not hold: EQ and SYMBOL.

Follows ECMA-376, part 1, 17.16.5.19 (EQ) and 17.16.5.63 (SYMBOL). Old programs write formulas,
circled numbers and signs such as ≥ in this way, and draw them from the instruction.
"""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree

from ingest.structure.docxmath import math_text
from ingest.structure.ooxml import Element, M
from ingest.structure.symbolfonts import is_symbol_font, symbol_text
from ingest.text import CJK

_MAX_DEPTH = 20
_LONGEST = 5000
_FORMAT = re.compile(r"\\\*\s*(?:\"[^\"]*\"|[^\s\\]+)")  # \* MERGEFORMAT, \* "Font:宋体"
_OPTION = r"\\[A-Za-z]{2}\s*(?:\\[^A-Za-z]|-?\d+)?"
_COMMAND = re.compile(rf"\\([abdfilorsxABDFILORSX])((?:\s*{_OPTION})*)\s*\(")
_MORE_SCRIPT = re.compile(rf"((?:\s*{_OPTION})+)\s*\(")
_SYMBOL = re.compile(r"SYMBOL\s+(?:0x([0-9a-f]{1,6})|(\d{1,7})|(\S))", re.I)
_FONT = re.compile(r"\\f\s*(?:\"([^\"]*)\"|(\S+))", re.I)
_CIRCLES = frozenset("○◯〇ОO")
_ACCENTS = {"¯": "\u0304", "‾": "\u0304", "-": "\u0304", "ˉ": "\u0304", "—": "\u0304",
            "^": "\u0302", "∧": "\u0302", "~": "\u0303", "～": "\u0303", "·": "\u0307"}  # fmt: skip


def field_text(instruction: str) -> str | None:
    """What a field without a stored result shows; ``""`` for fields that show nothing.

    ``None`` for a formula or sign that this cannot read: something is missing then.

    >>> field_text(r' EQ \\f(AUC,CL) '), field_text(' SYMBOL 179 \\\\f "Symbol" ')
    ('AUC/CL', '≥')
    """
    kind = instruction.split(maxsplit=1)[0].upper() if instruction.strip() else ""
    if kind == "SYMBOL":
        return _symbol(instruction.strip())
    if kind != "EQ" and not re.match(r"\s*EQ\s*\\", instruction, re.I):
        return ""
    source = _FORMAT.sub("", instruction.strip()[2:])
    if not source.strip() or len(source) > _LONGEST:
        return None if source.strip() else ""
    root = etree.Element(f"{M}oMath")
    try:
        _fill(root, source.strip(), 0)
    except ValueError:
        return None
    return " ".join(math_text(root).split()) or None


def _symbol(instruction: str) -> str | None:
    found = _SYMBOL.match(instruction)
    if found is None:
        return None
    if found[3]:
        return found[3]
    code = int(found[1], 16) if found[1] else int(found[2])
    named = _FONT.search(instruction)
    font = (named[1] or named[2] or "") if named else ""
    if is_symbol_font(font) or 0xF000 <= code <= 0xF0FF:
        text, unknown = symbol_text(bytes([code & 0xFF]), font)
        return None if unknown else text
    try:
        text = bytes([code]).decode("cp1252") if code < 0x100 else chr(code)
    except ValueError:
        return None
    return text if text.isprintable() else None


def _fill(parent: Element, source: str, depth: int) -> None:
    """Add what a piece of an instruction draws as elements of Word's own formulas."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    place = 0
    while place < len(source):
        command = _COMMAND.match(source, place)
        if command is not None:
            parts, place = _arguments(source, command.end())
            scripts = [(command[2], parts)]
            while command[1] in "sS" and (more := _MORE_SCRIPT.match(source, place)):
                parts, place = _arguments(source, more.end())
                scripts.append((more[1], parts))
            _build(parent, command[1].lower(), scripts, depth + 1)
            continue
        if source[place] == "\\":
            place += 1
            if re.match(r"[A-Za-z]", source[place : place + 1]):
                raise ValueError("unknown command")
        _letters(parent, source[place : place + 1])
        place += 1


def _arguments(source: str, place: int) -> tuple[list[str], int]:
    """The parts up to the closing bracket, and the place behind it.

    They are set apart by commas, or by semicolons where the comma is for decimals.
    """
    depth, start = 1, place
    cuts: dict[str, list[int]] = {",": [], ";": []}
    while place < len(source):
        sign = source[place]
        if sign == "\\":
            place += 1
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if not depth:
                break
        elif depth == 1 and sign in cuts:
            cuts[sign].append(place)
        place += 1
    if depth:
        raise ValueError("a bracket is not closed")
    bounds = [start - 1, *(cuts[";"] or cuts[","]), place]
    parts = [source[a + 1 : b].strip() for a, b in pairwise(bounds)]
    return parts, place + 1


def _build(parent: Element, name: str, scripts: list[tuple[str, list[str]]], depth: int) -> None:
    options, parts = scripts[0]
    if name == "f" and len(parts) == 2:
        _put(parent, "f", depth, num=parts[0], den=parts[1])
    elif name == "r":
        degree = {"deg": parts[0]} if len(parts) > 1 else {}
        _put(parent, "rad", depth, **degree, e=parts[-1])
    elif name == "s":
        _scripts(parent, scripts, depth)
    elif name == "o":
        _overstrike(parent, parts, depth)
    elif name == "i" and len(parts) == 3:
        operator = _put(parent, "nary", depth, sub=parts[0], sup=parts[1], e=parts[2])
        sign = re.search(r"\\[fv]c\s*\\(.)", options)
        drawn = "∑" if r"\su" in options else "∏" if r"\pr" in options else "∫"
        _properties(operator, "naryPr", chr=sign[1] if sign else drawn)
    elif name == "b":
        fence = _put(parent, "d", depth, e=parts[0])
        _properties(fence, "dPr", **_brackets(options))
    elif name == "a":
        rows = etree.SubElement(parent, f"{M}eqArr")
        for part in parts:
            _put(rows, "e", depth, e=part)
    elif name in {"l", "x"}:
        for number, part in enumerate(parts):
            _letters(parent, ", " if number else "")
            _fill(parent, part, depth)
    elif name == "d":
        _letters(parent, " ")
        _fill(parent, ", ".join(parts), depth)
    else:
        raise ValueError("a command with parts missing")


def _scripts(parent: Element, scripts: list[tuple[str, list[str]]], depth: int) -> None:
    """Raised and lowered parts; of several in one bracket the upper one comes first."""
    for options, parts in scripts:
        text = "; ".join(parts)
        if r"\do" in options:
            _put(parent, "sSub", depth, e="", sub=text)
        elif r"\up" in options or len(parts) < 2:
            _put(parent, "sSup", depth, e="", sup=text)
        else:
            _put(parent, "sSubSup", depth, e="", sub=parts[-1], sup=parts[0])


def _overstrike(parent: Element, parts: list[str], depth: int) -> None:
    """Things drawn over each other: a number in a circle, a bar over a letter, a reading aid."""
    drawn = [etree.Element(f"{M}e") for _ in parts]
    for element, part in zip(drawn, parts, strict=True):
        _fill(element, part, depth)
    texts = [math_text(element).strip() for element in drawn]
    if len(texts) == 2 and texts[0] in _CIRCLES:
        _letters(parent, circled(texts[1]))
        return
    accents = [_accent(text) for text in texts]
    above = [bool(accent) or _is_script(part) for part, accent in zip(parts, accents, strict=True)]
    base = "".join(text for text, aside in zip(texts, above, strict=True) if not aside)
    parent.extend(element for element, aside in zip(drawn, above, strict=True) if not aside)
    if re.search(f"[{CJK}]", base):
        return  # the small letters above are how it is spoken
    for element, accent in zip(drawn, accents, strict=True):
        if accent and len(base) == 1:
            _letters(parent, accent)
        elif element.getparent() is None:
            parent.append(element)


def _is_script(source: str) -> bool:
    return re.match(r"\\s\s*\\(?:up|do|ai|di)", source, re.I) is not None


def _accent(text: str) -> str:
    """The sign above a letter that a raised or plain stroke is, or ``""``."""
    return _ACCENTS.get(re.sub("^\\^(?=.)", "", text).replace("⁻", "-"), "")


def circled(text: str) -> str:
    """A number or letter in a circle as one sign where there is one, else in brackets."""
    if re.fullmatch(r"[1-9]|1\d|20", text):
        return chr(0x2460 + int(text) - 1)
    if re.fullmatch(r"[A-Z]", text):
        return chr(0x24B6 + ord(text) - ord("A"))
    if re.fullmatch(r"[a-z]", text):
        return chr(0x24D0 + ord(text) - ord("a"))
    return f"({text})"


def _brackets(options: str) -> dict[str, str]:
    pairs = {"(": ")", "[": "]", "{": "}", "<": ">"}
    both = re.search(r"\\bc\s*\\(.)", options)
    left, right = (re.search(rf"\\{side}c\s*\\(.)", options) for side in "lr")
    if both:
        return {"begChr": both[1], "endChr": pairs.get(both[1], both[1])}
    if left or right:
        return {"begChr": left[1] if left else "", "endChr": right[1] if right else ""}
    return {"begChr": "(", "endChr": ")"}


def _properties(element: Element, name: str, **values: str) -> None:
    group = etree.SubElement(element, f"{M}{name}")
    for key, value in values.items():
        etree.SubElement(group, f"{M}{key}").set(f"{M}val", value)


def _put(parent: Element, name: str, depth: int, **parts: str) -> Element:
    made = etree.SubElement(parent, f"{M}{name}")
    for tag, source in parts.items():
        _fill(etree.SubElement(made, f"{M}{tag}"), source, depth)
    return made


def _letters(parent: Element, text: str) -> None:
    """Add letters, to the run before them where there is one."""
    last = parent[-1] if len(parent) else None
    if last is None or last.tag != f"{M}r":
        last = etree.SubElement(parent, f"{M}r")
        etree.SubElement(last, f"{M}t").text = ""
    last[0].text += text
