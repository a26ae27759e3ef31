"""Charts of office files as tables, from the values stored with them (DrawingML, c:chartSpace)."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from ingest.model import Table
from ingest.structure.cellvalue import cell_text
from ingest.structure.drawingtext import A, line_of
from ingest.structure.ooxml import Element
from ingest.tables import make_table

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MAX_POINTS = 20_000
Values = dict[int, str]


def chart_table(root: Element, caption: str = "") -> Table | None:
    """Return a chart as a table: one row a category, one column a series.

    The chart's own title is the caption, else ``caption``. Series with categories of their own
    (scatter charts) stand one below the other. ``None`` for a chart without stored values.
    """
    title = chart_title(root) or caption
    series = [_Series(item) for item in root.iter(f"{C}ser")]
    series = [item for item in series if item.values]
    if not series:
        return None
    shared = all(item.categories == series[0].categories for item in series)
    rows = _side_by_side(root, series) if shared else list(_one_below_other(series))
    return make_table(rows, 1, title)


def chart_title(root: Element) -> str:
    """The title written on a chart, one line, or ``""``."""
    return _rich_text(root.find(f"{C}chart/{C}title"))


class _Series:
    """One series: its name, its categories and its values by their position."""

    def __init__(self, element: Element) -> None:
        self.name = " ".join(_points(element.find(f"{C}tx")).values())
        categories = element.find(f"{C}cat")
        self.is_scatter = categories is None and element.find(f"{C}xVal") is not None
        self.categories = _points(element.find(f"{C}xVal") if self.is_scatter else categories)
        values = element.find(f"{C}yVal" if self.is_scatter else f"{C}val")
        self.values = _points(values)
        self.sizes = _points(element.find(f"{C}bubbleSize"))


def _side_by_side(root: Element, series: list[_Series]) -> list[list[str]]:
    axes = [_rich_text(axis.find(f"{C}title")) for axis in root.iter(f"{C}catAx", f"{C}dateAx")]
    corner = next((axis for axis in axes if axis), "")
    header = [corner, *(item.name or f"({n})" for n, item in enumerate(series, start=1))]
    places = sorted({place for item in series for place in item.values})
    rows = [header]
    for place in places:
        category = series[0].categories.get(place, str(place + 1))
        rows.append([category, *(item.values.get(place, "") for item in series)])
    return rows


def _one_below_other(series: list[_Series]) -> Iterator[list[str]]:
    yield ["", "x", "y"]
    for item in series:
        for place, value in sorted(item.values.items()):
            size = item.sizes.get(place)
            row = [item.name, item.categories.get(place, str(place + 1)), value]
            yield [*row, size] if size else row


def _points(element: Element | None) -> Values:
    """Stored points by their position; those of several levels are joined, outermost first."""
    if element is None:
        return {}
    literal = element.find(f"{C}v")
    if literal is not None:
        return {0: literal.text or ""}
    levels = [_level(level) for level in element.iter(f"{C}lvl")]
    if not levels:
        return _level(element)
    # An outer category is written once, at the first of the places it covers.
    joined: Values = {}
    for place in sorted(levels[0]):
        names = []
        for level in reversed(levels):
            covering = [other for other in level if other <= place]
            names.append(level[max(covering)] if covering else "")
        joined[place] = " / ".join(name for name in names if name)
    return joined


def _level(element: Element) -> Values:
    code = next((item.text for item in element.iter(f"{C}formatCode")), None) or "General"
    found: Values = {}
    for point in element.iter(f"{C}pt"):
        place, value = point.get("idx", ""), point.findtext(f"{C}v")
        if place.isdecimal() and value and len(found) < _MAX_POINTS:
            written = point.get("formatCode") or code
            is_number = point.getparent().tag in {f"{C}numCache", f"{C}numLit"}
            found[int(place)] = _number(value, written) if is_number else " ".join(value.split())
    return found


def _number(value: str, code: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return " ".join(value.split())
    if is_date_format(code):
        try:
            return cell_text(from_excel(number))
        except (ValueError, OverflowError, TypeError):
            return value
    return cell_text(number, code)


def _rich_text(element: Element | None) -> str:
    """Text of a title: written on the chart, or stored from the cell it points to."""
    if element is None:
        return ""
    lines = [line_of(paragraph) for paragraph in element.iter(f"{A}p")]
    written = " ".join(line for line in lines if line)
    return " ".join((written or " ".join(_points(element.find(f"{C}tx")).values())).split())
