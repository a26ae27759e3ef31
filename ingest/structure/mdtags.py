"""Tags of HTML inside a line of Markdown: what they raise, cross out or hide."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from ingest.loaders.base import Withheld
from ingest.model import Locator
from ingest.structure.htmlfragment import parsed
from ingest.structure.htmlsight import Sight
from ingest.structure.htmltags import is_tag
from ingest.structure.htmltree import Read, inline_text, visible_text
from ingest.structure.shiftmarks import END, LOWER, RAISE
from ingest.text import squeeze

_NAME = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
# Any other element hides its text in the same way, wherever it may stand.
_AS_SPAN = re.compile(r"^<(?!(?:font|del|s|strike)\b)[\w:-]+")
_MARKS = {"sup": RAISE, "sub": LOWER}
_VOID = frozenset(["br", "img", "hr", "wbr", "input", "col", "area", "base", "link", "meta"])
_STRUCK = "struck"
_FORMULA = "math"


class Tags:
    """Follows the tags of one paragraph, cell or heading; ``read`` gets what was left out."""

    def __init__(self, read: Read, place: Locator) -> None:
        self._read = read
        self._place = place
        self._name = ""  # the element whose text is kept apart
        self._why = ""
        self._depth = 0
        self._kept: list[str] = []

    def tag(self, markup: str) -> str:
        """The text that a tag or comment stands for; nothing while an element is kept apart."""
        if not is_tag(markup):
            return "" if markup.startswith(("<!", "<?")) else self.text(markup)
        found = _NAME.match(markup)
        closing, name = (found[1], found[2].lower()) if found else ("", "")
        if self._name:
            return self._inside(markup, closing, name)
        if closing:
            return END if name in _MARKS else ""
        if name == "br":
            return "\n"
        if name in _MARKS:
            return _MARKS[name]
        self._open(markup, name)
        return ""

    def text(self, text: str) -> str:
        """Text as it is shown; nothing while an element is kept apart."""
        if not self._name:
            return text
        self._kept.append(escape(text) if self._why == _FORMULA else text)
        return ""

    def end(self) -> str:
        """The end of the paragraph: what no tag has closed is text like any other."""
        if not self._name:
            return ""
        kept, why = "".join(self._kept), self._why
        self._name, self._kept = "", []
        return inline_text(re.sub(r"<[^<>]*>", " ", kept)) if why == _FORMULA else kept

    def _open(self, markup: str, name: str) -> None:
        if name in _VOID or markup.endswith("/>"):
            return
        plain = not re.search(r"\s", markup) and name not in {"del", "s", "strike"}
        why = _FORMULA if name == _FORMULA else "" if plain else _why_apart(markup)
        if why:
            self._name, self._why, self._depth = name, why, 1
            self._kept = [markup] if why == _FORMULA else []

    def _inside(self, markup: str, closing: str, name: str) -> str:
        if self._why == _FORMULA:
            self._kept.append(markup)
        if name == self._name and not markup.endswith("/>"):
            self._depth += -1 if closing else 1
        if self._depth:
            return ""
        kept, why = "".join(self._kept), self._why
        self._name, self._kept = "", []
        if why == _FORMULA:
            return _formula(kept)
        text = squeeze(kept)
        if text and why == _STRUCK:
            self._read.struck.append(text)
        elif text:
            self._read.withheld.append(Withheld(why, text, self._place))
        return ""


def _why_apart(markup: str) -> str:
    """Why the text of an element is no part of the line, or ``""``."""
    found = next(parsed(_AS_SPAN.sub("<span", markup)).iter("span", "font", "del", "s", "strike"))
    sight = Sight(found)
    return sight.why_unseen(found) or (_STRUCK if sight.is_struck(found) else "")


def _formula(markup: str) -> str:
    try:
        return inline_text(visible_text(parsed(f"<p>{markup}</p>")))
    except (etree.LxmlError, RecursionError):
        return inline_text(re.sub(r"<[^<>]*>", " ", markup))
