"""The shapes of a slide: told apart from what else stands in its XML, with their place there."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.structure.drawingtext import MC, choose
from ingest.structure.ooxml import Element
from ingest.structure.pictures import useful_description
from ingest.structure.pptxdeck import A, P

Shape = tuple[Element, str]
"""A shape and its XPath."""

_SHAPES = frozenset(f"{P}{name}" for name in ["sp", "pic", "grpSp", "graphicFrame", "cxnSp"])


def shapes_below(tree: Element, path: str) -> Iterator[Shape]:
    """Shapes below a tree or group; of alternatives, the one whose content is known."""
    for number, item in enumerate(tree.iterchildren(), start=1):
        place = f"{path}/*[{number}]"
        if item.tag in _SHAPES:
            yield item, place
        elif item.tag == f"{MC}AlternateContent":
            chosen = choose(item, _is_known)
            if chosen is not None:
                for inner, shape in enumerate(chosen.iterchildren(), start=1):
                    if shape.tag in _SHAPES:
                        yield shape, f"{place}/*/*[{inner}]"


def _is_known(part: Element) -> bool:
    data = next(part.iter(f"{A}graphicData"), None)
    if data is not None and data.get("uri", "").endswith("chartex"):
        return False
    return any(item.tag in _SHAPES for item in part.iterchildren())


def _properties(element: Element) -> Element | None:
    return next(element.iterfind(f"./*/{P}cNvPr"), None)


def hidden_reason(element: Element) -> str:
    """Why a reader does not see a shape that its author hid, or ``""``."""
    found = _properties(element)
    hidden = found is not None and found.get("hidden") in {"1", "true"}
    return "hidden shape" if hidden else ""


def description_of(element: Element) -> str:
    """What the author wrote about a picture, chart or diagram, or ``""``."""
    found = _properties(element)
    if found is None:
        return ""
    return useful_description(found.get("descr") or "") or useful_description(
        found.get("title") or ""
    )
