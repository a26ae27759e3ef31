"""Style declarations of HTML elements, as far as a page itself tells them with certainty.

This is no CSS engine. The ``style`` attribute is read, and of the style sheets inside the page the
rules for one class (``.c3``, ``span.c3``), as word processors write them. What depends on more
(linked sheets, media, several classes at once, scripts) is left open: :meth:`Styles.is_open`.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml.html import HtmlElement

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.S)
_ONE_CLASS = re.compile(r"([a-z][a-z0-9]*)?\.([\w-]+)", re.I)
_CLASS = re.compile(r"\.([\w-]+)")
_BACKGROUND = re.compile(r"\bbackground(?:-color|-image)?\s*:(?!\s*(?:none|transparent)\b)", re.I)


_LONGEST = 2_000  # of the declarations of one element; a page repeats them thousands of times


class Styles:
    """The declarations of a page's elements, in lower case.

    ``has_sheets`` tells that style sheets exist that were not or not wholly understood.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._rules: dict[tuple[str, str], str] = {}
        self._named: Counter[str] = Counter()
        self._linked = any(
            "stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link")
        )
        self._paints = False
        sheets = ["".join(sheet.itertext()) for sheet in root.iter("style")]
        self.has_sheets = self._linked or any(sheet.strip() for sheet in sheets)
        for sheet in sheets:
            self._read(_COMMENT.sub(" ", sheet))

    def of(self, element: HtmlElement) -> str:
        """What sheets and the element itself declare; the later outdoes the earlier."""
        own = element.get("style", "")[:_LONGEST]
        names = element.get("class", "").split() if self._rules else ()
        tag = element.tag if isinstance(element.tag, str) else ""
        found = [self._rules.get((kind, name), "") for name in names[:20] for kind in ("", tag)]
        return ";".join(filter(None, [*found, own])).lower() if own or names else ""

    def is_open(self, element: HtmlElement) -> bool:
        """Whether other rules than those known may speak of the element."""
        names = element.get("class", "").split()
        if self._linked:
            return bool(names) or element.get("id") is not None
        return len(names) > 1 or any(self._named[name] > 1 for name in names)

    def may_paint(self, element: HtmlElement) -> bool:
        """Whether something other than white paper may lie behind the element's text."""
        if self._linked:
            return True
        for item in (element, *element.iterancestors()):
            if item.get("bgcolor") or item.get("background") or _BACKGROUND.search(self.of(item)):
                return True
            if self.is_open(item):
                return True
        return self._paints

    def _read(self, sheet: str) -> None:
        depth = 0
        for part in sheet.split("}"):
            *around, rule = part.split("{")
            at_top = depth == 0 and len(around) == 1
            selectors = around[-1] if around else ""
            depth = max(0, depth + len(around) - 1)
            self._named.update(_CLASS.findall(selectors))
            if _BACKGROUND.search(rule) and not all(
                _ONE_CLASS.fullmatch(one.strip()) for one in selectors.split(",")
            ):
                self._paints = True
            if not at_top:
                continue
            for one in selectors.split(","):
                found = _ONE_CLASS.fullmatch(one.strip())
                if found:
                    key = ((found[1] or "").lower(), found[2])
                    self._rules[key] = f"{self._rules.get(key, '')};{rule}"[-_LONGEST:]
