"""Tags of HTML told from text in angle brackets: ``Exclude if Hb <LLN or creatinine >ULN``."""

from __future__ import annotations

import re
from collections.abc import Iterator

# HTML, living standard, with the elements it calls obsolete; then MathML and SVG as far as they
# stand inside pages.
_HTML = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|"
    "blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|data|datalist|dd|del|"
    "details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|"
    "frameset|h1|h2|h3|h4|h5|h6|head|header|hgroup|hr|html|i|iframe|img|input|ins|kbd|label|legend|"
    "li|link|main|map|mark|marquee|menu|meta|meter|nav|nobr|noframes|noscript|object|ol|optgroup|"
    "option|output|p|param|picture|pre|progress|q|rp|rt|ruby|s|samp|script|search|section|select|"
    "slot|small|spacer|nextid|bgsound|layer|ilayer|multicol|rb|rtc|plaintext|source|span|strike|strong|style|sub|summary|sup|table|tbody|td|template|textarea|"
    "tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|xmp"
)
_MATH = (
    "math|annotation(?:-xml)?|maction|menclose|merror|mfenced|mfrac|mi|mmultiscripts|mn|mo|mover|"
    "mpadded|mphantom|mprescripts|mroot|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|"
    "mtext|mtr|mlabeledtr|munder|munderover|none|semantics"
)
_SVG = "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|use|image|desc"
_KNOWN = re.compile(f"(?:{_HTML}|{_MATH}|{_SVG}|[a-z][a-z0-9]*:[a-z][\\w.-]*)", re.I)
# Attributes that stand without a value; other bare words are words.
_BARE = (
    "allowfullscreen|async|autofocus|autoplay|checked|compact|controls|default|defer|disabled|"
    "hidden|inert|ismap|itemscope|loop|multiple|muted|nohref|noresize|noshade|novalidate|nowrap|"
    "open|readonly|required|reversed|selected"
)
# A value ends at what may be the next tag, so that no text is read twice.
_QUOTED = "|".join(f"{q}(?:[^{q}<]++|<(?![a-z/!?]))*+{q}" for q in "\"'")
_ATTRIBUTE = (
    r"(?:\s++|(?<=[\"']))"
    rf"(?:[\w:.@-]++\s*+=\s*+(?:{_QUOTED}|[^\s\"'<>`]++)|(?:(?:data|aria)-[\w-]++|{_BARE})(?=[\s/>]))"
)
# With one attribute in quotes the rest may be as sloppy as pages are.
_SLOPPY = rf"(?=[^<>]*?\s[\w:-]++=[\"'])(?:{_QUOTED}|[^<>\"'])*+"
TAG = re.compile(
    rf"<(?:/{_KNOWN.pattern}\s*+|{_KNOWN.pattern}(?=[\s/>])(?:(?:{_ATTRIBUTE})*+\s*+/?|{_SLOPPY}))>",
    re.I,
)
_LIKE_TAG = re.compile(r"<([a-zA-Z]\w*)(?=[\s<>])([^<>]*+)(>?)")
_CLOSING = re.compile(r"</(\w+)")
_ASIDE_STARTS = re.compile(r"<!--|<(?:script|style|textarea|xmp|title)\b")
_ASIDES = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!DOCTYPE", ">"), ("<?xml", ">"))


def is_tag(text: str) -> bool:
    """Tell whether a text is one tag that HTML knows, with sound attributes."""
    return TAG.fullmatch(text) is not None


def stray_escaped(markup: str) -> str:
    """Markup in which a ``<`` that opens no tag is written as ``&lt;``."""
    pieces: list[str] = []
    done = 0
    unclosed: set[str] = set()
    position = markup.find("<")
    while position >= 0:
        found = TAG.match(markup, position)
        end = found.end() if found else _aside_end(markup, position, unclosed)
        if end < 0:
            pieces += [markup[done:position], "&lt;"]
            done = end = position + 1
        position = markup.find("<", end)
    return "".join([*pieces, markup[done:]])


def _aside_end(markup: str, position: int, unclosed: set[str]) -> int:
    """Where a comment or declaration that begins here ends; -1 when there is none."""
    for opening, closing in _ASIDES:
        if opening in unclosed or not markup.startswith(opening, position):
            continue
        end = markup.find(closing, position + len(opening))
        if end >= 0:
            return end + len(closing)
        unclosed.add(opening)  # looked for once, for there may be thousands
    return -1


def stray_words_escaped(page: str) -> tuple[str, int]:
    """A whole page in which ``<LLN or creatinine >`` is text, and how often that was so.

    A browser would swallow such words as an unknown element. Elements of a page's own have a
    closing tag, a hyphen or attributes with values, and are left alone.
    """
    lower = page.lower()
    pieces: list[str] = []
    done = count = 0
    closed = set(_CLOSING.findall(lower))
    for start, end in _markup_spans(lower):
        for found in _LIKE_TAG.finditer(page, start, end):
            name = found[1].lower()
            is_element = name in closed or _KNOWN.fullmatch(name) is not None
            if is_element or (found[3] and "=" in found[2]):
                continue
            pieces += [page[done : found.start()], "&lt;"]
            done = found.start() + 1
            count += 1
    return ("".join([*pieces, page[done:]]), count) if count else (page, 0)


def _markup_spans(lower: str) -> Iterator[tuple[int, int]]:
    """The parts of a page between its programs, style sheets and comments."""
    start = 0
    for found in _ASIDE_STARTS.finditer(lower):
        if found.start() < start:
            continue
        yield start, found.start()
        closing = "-->" if found[0] == "<!--" else f"</{found[0][1:]}"
        end = lower.find(closing, found.end())
        if end < 0:
            return
        start = end + len(closing)
    yield start, len(lower)
