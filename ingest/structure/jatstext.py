"""Text inside JATS paragraphs as a reader sees it, on one line: raised numbers, marks, formulas.

Element names are those of JATS 1.3 (ANSI/NISO Z39.96-2021).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ingest.structure.jatsxml import XLINK, Element, children
from ingest.structure.mathml import mathml_text
from ingest.structure.mathtext import math_to_text
from ingest.structure.shiftmarks import lowered, raised, settled, without_marks

_SKIPPED = frozenset(
    ["object-id", "alt-text", "long-desc", "index-term", "processing-meta", "label-alt"]
)
_PICTURES = frozenset(["inline-graphic", "graphic", "private-char", "chem-struct"])
_APART = frozenset(["p", "title", "list-item", "label", "def", "term", "td", "entry", "hr"])
# Made of parts that print sets apart and the file need not.
_RECORDS = frozenset(
    ["name", "string-name", "institution-wrap", "principal-award-recipient", "address",
     "principal-investigator", "compound-kwd", "compound-subject", "funding-source", "date",
     "meta-value", "person-group", "conference", "aff-alternatives", "nested-kwd"]
)  # fmt: skip
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_CROSSED_OUT = re.compile(r"line-through|strike", re.I)
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.S)
_BREAK = "\x0b"


class TextReader:
    """Reads inline text.

    Attributes:
        left_out: Counts of what has no text: ``formulas``, or is crossed out: ``struck``.
        notes: Notes with a mark that stood inside the text, for whoever places its notes.
    """

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.notes: list[Element] = []

    def read(self, element: Element) -> str:
        """All text below an element; white space of the file is layout, ``break`` ends a line."""
        return tidy("".join(self.pieces(element)))

    def pieces(self, element: Element) -> Iterator[str]:
        """The text below an element, unjoined, for callers that treat some children apart."""
        last = spaced(element.text)
        yield last
        for child in children(element):
            text = self.step(child, last)
            yield text
            last = text or last

    def step(self, child: Element, before: str) -> str:
        """An inline element and the text up to the next one, set apart from what stands before."""
        text = self.inline(child)
        if _glued(child, text, before):
            text = f"[{text.strip()}]"
        return text + ("," if _mark_follows(child) else spaced(child.tail))

    def inline(self, element: Element) -> str:
        """The text of one inline element, without what follows it."""
        tag = element.tag
        if tag in _SKIPPED:
            return ""
        if tag == "break":
            return _BREAK
        if tag in {"inline-formula", "disp-formula", "tex-math", _MATH, "alternatives"}:
            return self._formula(element)
        if tag in _PICTURES:
            return self._picture(element)
        if tag in _RECORDS and not _has_words(element):
            return " ".join(self.inline(child).strip() for child in children(element))
        if tag == "fn":
            return self._note(element)
        if tag == "strike" or _is_crossed_out(element):
            self.left_out["struck"] += bool("".join(element.itertext()).strip())
            return ""
        if tag in {"ext-link", "uri"} and not "".join(element.itertext()).strip():
            return str(element.get(f"{XLINK}href", ""))
        inner = "".join(self.pieces(element))
        if tag == "sup":
            return _raised(element, inner)
        if tag == "xref" and element.get("ref-type") in {"fn", "table-fn"}:
            return raised(inner)
        if tag == "sub":
            # F of 1 and 452 degrees must not become F1,452.
            degrees = re.fullmatch(r"\s*\d+[.,]\s*\d+\s*", inner)
            return inner.translate(_LOWERED) if degrees else lowered(inner)
        if tag == "xref" and element.get("ref-type") == "bibr" and _only(element, "sup"):
            return inner if inner.strip().startswith("[") else f"[{inner.strip()}]"
        return f" {inner} " if tag in _APART else inner

    def _note(self, element: Element) -> str:
        """A note inside the text: its mark if it has one, else the note itself in brackets."""
        label = element.find("label")
        mark = self.read(label) if label is not None else ""
        if mark:
            self.notes.append(element)
            return raised(mark)
        text = self.read(element)
        return f" ({text})" if text else ""

    def _formula(self, element: Element) -> str:
        """The best of several forms: MathML, then LaTeX, then words, then a picture's."""
        math = element if element.tag == _MATH else next(element.iter(_MATH), None)
        text = mathml_text(math) if math is not None else ""
        if not text:
            tex = element if element.tag == "tex-math" else next(element.iter("tex-math"), None)
            text = _tex(tex) if tex is not None else ""
        if not text:
            text = "".join(self.pieces(element)).strip()
        else:
            label = element.find("label")
            text += f" {self.read(label)}" if label is not None else ""
        if not text and next(element.iter(*_PICTURES), None) is None:
            return ""
        text = text or self._picture(element)
        return f"{_BREAK}{text}{_BREAK}" if element.tag == "disp-formula" else text

    def _picture(self, element: Element) -> str:
        """A picture's own words; without them □, for a missing sign must not go unseen."""
        alternative = next(element.iter("alt-text", "long-desc"), None)
        text = "" if alternative is None else " ".join("".join(alternative.itertext()).split())
        if text:
            return text
        self.left_out["formulas"] += 1
        return "□"


def spaced(text: str | None) -> str:
    """Text of the file with its line breaks as blanks."""
    return re.sub(r"\s+", " ", without_marks(text)) if text else ""


def tidy(text: str) -> str:
    """Collapse blanks, keep breaks, set marks such as ``[ 1 , 2 ]`` close, write what is raised."""
    lines = [" ".join(settled(line).split()) for line in text.split(_BREAK)]
    joined = "\n".join(line for line in lines if line)
    joined = re.sub(r"([\[(])[ ](?=[^\s])", r"\1", joined)
    joined = re.sub(r"(?<=[\w%.])[ ](?=[\])])", "", joined)
    return re.sub(r" (?=[,;.](?:\s|$))", "", joined)


def _only(element: Element, tag: str) -> bool:
    """Whether all text of the element stands in one kind of child."""
    found = children(element)
    return bool(found) and not _has_words(element) and all(child.tag == tag for child in found)


def _glued(link: Element, text: str, before: str) -> bool:
    """Whether a reference mark stands right behind a word and would read as part of it."""
    if link.tag != "xref" or link.get("ref-type") != "bibr" or not text.strip().isdigit():
        return False
    return before[-1:].isalnum() or before[-1:] in {".", "%", "”", ")"}


def _mark_follows(link: Element) -> bool:
    """Whether another mark stands right after one: [4][6] written as 46 is references 4 and 6."""
    after = link.getnext()
    if (link.tail or "").strip() or after is None or not link.tag == after.tag == "xref":
        return False
    marks = ["".join(item.itertext()).strip() for item in (link, after)]
    return link.get("ref-type") == after.get("ref-type") == "bibr" and all(
        mark.isdigit() for mark in marks
    )


def _has_words(element: Element) -> bool:
    """Whether text stands directly in the element, between its children."""
    outside = [element.text, *(child.tail for child in element)]
    return any((text or "").strip() for text in outside)


def _raised(element: Element, inner: str) -> str:
    """Raised signs as Unicode has them; raised marks of references in square brackets.

    10<sup>9</sup> must not become 109, nor 12.5<sup>3</sup> (reference 3) 12.53.
    """
    text = inner.strip()
    links = [item for item in element.iter("xref") if item.get("ref-type") == "bibr"]
    above = element.getparent()
    if links or (above.tag == "xref" and above.get("ref-type") == "bibr"):
        return text if not text or text.startswith("[") or above.tag == "xref" else f"[{text}]"
    return raised(inner)


def _is_crossed_out(element: Element) -> bool:
    """Whether other elements than ``strike`` say that their text no longer holds."""
    told = element.get("style") or element.get("style-type") or ""
    return element.tag == "styled-content" and _CROSSED_OUT.search(told) is not None


def _tex(element: Element) -> str:
    source = "".join(element.itertext())
    body = _TEX_BODY.search(source)
    return math_to_text((body.group(1) if body else source).replace("$", "").strip())
