"""Split the eligibility text of a registry into sides and single criteria.

Registries keep criteria as free text: bulleted, numbered, one a line or all in one line. Nothing
is reworded and nothing is lost: the criteria, with the headings between them, are the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.registry.record import Criterion, Eligibility
from ingest.registry.sides import BULLET, MARKER, PLAIN, WITH_TEXT, joined, split_sides, unwrapped

_RUN_IN = re.compile(
    r"(?:^|(?<=[\s;；。,，.、:：)）]))(?P<open>[（(]?)(?P<number>\d{1,2})(?P<close>[.)、．）])(?!\d)\s*"
)
_GROUP_MAX = 100


@dataclass(slots=True)
class _Item:
    lines: list[str]
    group: str | None = None
    style: str | None = None
    indent: int = 0
    sub_items: list[list[str]] = field(default_factory=list)
    sub_style: str | None = None

    def text(self) -> str:
        return "\n".join(join for part in (self.lines, *self.sub_items) if (join := joined(part)))


def split_eligibility(text: str, path: str, *, wrapped: bool = False) -> Eligibility:
    """Split a text that holds both sides under headings of its own.

    Args:
        text: The text, ``\\n`` between lines.
        path: Where the field stands; every criterion carries it.
        wrapped: Lines are broken at a width; a criterion ends at an empty line or the next mark.
    """
    found: dict[str, list[Criterion]] = {"inclusion": [], "exclusion": [], "unsorted": []}
    for side, group, part in split_sides(unwrapped(text) if wrapped else text):
        found[side].extend(split_criteria(part, path, group))
    return Eligibility(*(tuple(found[name]) for name in ("inclusion", "exclusion", "unsorted")))


def split_criteria(text: str, path: str, group: str | None = None) -> tuple[Criterion, ...]:
    """Split the text of one side; a heading that only repeats the side is left out.

    Sub-items (a deeper indent, or another kind of mark) stay with their criterion, one a line.
    ``group`` is the heading above the text.
    """
    only = WITH_TEXT.fullmatch(text.strip())
    if only and not PLAIN.fullmatch(only["rest"]):
        text = only["rest"]
    criteria: list[Criterion] = []
    for item in _items(text.split("\n"), group):
        whole = item.text()
        parts = [whole] if item.sub_items else _split_run_in(whole, item.style)
        criteria.extend(Criterion(part, path, item.group) for part in parts if part)
    return tuple(criteria)


def _items(lines: list[str], above: str | None) -> list[_Item]:
    items: list[_Item] = []
    group = above
    for position, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        last = items[-1] if items else None
        marker = MARKER.match(bare)
        if marker is None:
            if last is not None and last.style and indent > last.indent:
                (last.sub_items[-1] if last.sub_items else last.lines).append(bare)
            elif _names_group(bare, lines, position):
                named = f"{above}\n{bare}" if above else bare
                # The same name again would not be seen as a new group.
                items.append(_Item([bare] if named == group else [], named))
                group = named
            else:
                items.append(_Item([bare], group, indent=indent))
        else:
            style, number = _style(marker)
            kept = bare[marker.end() :] if marker["bullet"] else bare
            if last is not None and last.style and _is_sub(last, style, number, indent):
                last.sub_items.append([bare])
                last.sub_style = style if indent <= last.indent else last.sub_style
            else:
                items.append(_Item([kept], group, style, indent))
    return _with_empty_groups(items)


def _with_empty_groups(items: list[_Item]) -> list[_Item]:
    """A line taken for a group's name that nothing follows is a criterion after all."""
    kept: list[_Item] = []
    for position, item in enumerate(items):
        if item.lines:
            kept.append(item)
        elif item.group and not any(
            other.lines and other.group == item.group for other in items[position + 1 :]
        ):
            kept.append(_Item([item.group]))
    return kept


def _names_group(bare: str, lines: list[str], position: int) -> bool:
    """A short line that ends in a colon and stands before marked lines."""
    if not bare.endswith((":", "：")) or len(bare) > _GROUP_MAX:
        return False
    following = (lines[n] for n in range(position + 1, min(position + 4, len(lines))))
    after = next((line.strip() for line in following if line.strip()), "")
    return MARKER.match(after) is not None


def _style(marker: re.Match[str]) -> tuple[str, str]:
    if marker["bullet"]:
        return marker["bullet"], ""
    if marker["circled"]:
        return "①", str(ord(marker["circled"]) - 0x245F)
    kind = "1" if marker["number"].isdigit() else "a"
    close = "." if marker["close"] in ".、．" else ")"
    return f"{'(' if marker['open'] else ''}{kind}{close}", marker["number"]


def _is_sub(last: _Item, style: str, number: str, indent: int) -> bool:
    """Whether a marked line belongs to the criterion before it."""
    if indent > last.indent + 1:
        return True
    if style == last.style or indent < last.indent:
        return False
    if style == last.sub_style:
        return True
    opens_list = (last.sub_items[-1] if last.sub_items else last.lines)[-1].endswith((":", "："))
    if not number:
        return opens_list
    return number in {"1", "a", "A", "i"} and (opens_list or not last.style or "1" in last.style)


def _split_run_in(text: str, style: str | None) -> list[str]:
    """``1. a; 2. b; 3. c`` on one line is three criteria if the numbers run from 1.

    So is ``- A. - B. - C`` where a line that begins with a bullet goes on with more of them.
    """
    if style is not None and re.fullmatch(BULLET, style):
        return re.split(rf"(?<=[.;；。])\s+{re.escape(style)}\s+(?=[A-Z\u4e00-\u9fff])", text)
    cuts: list[int] = []
    shape: tuple[str, str] | None = None
    for match in _RUN_IN.finditer(text):
        found = (match["open"], "." if match["close"] in ".、．" else ")")
        if int(match["number"]) == len(cuts) + 1 and (shape is None or found == shape):
            shape = found
            cuts.append(match.start())
    if len(cuts) < 2:
        return [text]
    first = MARKER.match(text)
    if cuts[0] > 0 and first is not None:
        return [text]
    edges = [0, *cuts, len(text)]
    return [text[a:b].strip() for a, b in pairwise(edges) if text[a:b].strip()]
