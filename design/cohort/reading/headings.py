"""Items under a heading of their own, and items that are alternatives to each other.

A heading such as *any of the following* or *for patients with diabetes* narrows what stands under
it; alone, its items would say too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from design.cohort.reading.lexicon import lexicon
from design.cohort.reading.segments import Item
from design.cohort.texts import said
from design.wording import Text

_OR_AT_END = re.compile(r"(?:\b(?:or|and/or)|或者?)\s*$", re.I)
_OR_AT_START = re.compile(r"(?:(?:or|and/or)\b|或)", re.I)


def placed(items: Iterable[Item]) -> Iterator[tuple[Item, Text | None]]:
    """Items with the reason why one cannot be read by itself, ``None`` when it can."""
    given = list(items)
    heading: Item | None = None
    inner = False  # an item of another numbering than the heading has come
    for place, item in enumerate(given):
        if item.begins:
            heading = None
        if heading is not None:
            if item.style != heading.style:
                inner = True
            elif inner:
                heading = None
        if item.text.endswith(":"):
            if heading is None and narrows(item):
                heading, inner = item, False
            yield item, None
            continue
        if heading is not None:
            shown = heading.text if len(heading.text) <= 60 else heading.text[:60] + "…"
            yield item, said("unparsed", "under_heading", heading=shown)
            continue
        after = given[place + 1] if place + 1 < len(given) else None
        before = given[place - 1] if place else None
        or_after = _OR_AT_END.search(item.text) or _leads_with_or(after, item)
        or_before = _OR_AT_START.match(item.text) or (
            before is not None and not item.begins and _OR_AT_END.search(before.text)
        )
        if not item.excluded and (or_after or or_before):
            yield item, said("unparsed", "alternatives")
            continue
        yield item, None


def _leads_with_or(after: Item | None, item: Item) -> bool:
    if after is None or after.begins or after.excluded != item.excluded:
        return False
    return _OR_AT_START.match(after.text) is not None


def narrows(item: Item) -> bool:
    """Whether a heading changes what stands under it.

    An inclusion's items hold together and an exclusion's each by itself, as those without a heading
    do, unless it says otherwise or is about something of its own.
    """
    words, text = lexicon(), item.text
    plain = words.plain_heading.fullmatch(text) is not None
    if item.excluded:
        return not plain or words.all_of.search(text) is not None
    if any(pattern.search(text) for pattern in (words.any_of, words.either_way, words.negation)):
        return True
    about = (words.exception, words.group, words.for_some)
    return not plain and any(pattern.search(text) for pattern in about)
