"""Inline Markdown as visible text: emphasis and links gone, formulas readable, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ingest.model import Locator
from ingest.structure.captions import is_figure_caption
from ingest.structure.headings import (
    MAX_HEADING,
    ends_sentence,
    is_list_item,
    is_statute_heading,
)
from ingest.structure.htmltree import Read
from ingest.structure.mathtext import math_to_text
from ingest.structure.mdtags import Tags
from ingest.structure.shiftmarks import settled, without_marks
from ingest.tables import is_caption
from ingest.text import join_lines, squeeze

_BOLD_END = re.compile(r"(?<=\S)\*\*")
_STARS_LEFT = re.compile(r"\*\*\s+\*\*|\*{4,}")
_STARS_OPEN = re.compile(r"^\*\*(?=[\u4e00-\u9fff【（]|\d+[.．、]|$)|(?<=[）】])\*\*$")
_FORMULA = re.compile(r"\$\$?(?!\s*\$)([^$\n]{1,600}?)\$\$?(?!\d)")
_FORMULA_SIGN = re.compile(r"[\\{}^_=<>]|^[\d\s.,%()+-]+$|^\s*[A-Za-z]\s*$")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_REFERENCE = re.compile(r"^[\[［【]\d{1,3}[\]］】」]")
_NOTE = re.compile(r"^(?:注\s*\d*\s*[：:]|Note)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a paragraph: its offset from the first line, its text and how it ends."""

    line: int
    text: str = ""
    bold: bool = True
    hard: bool = False
    is_figure: bool = False


class InlineReader:
    """Reads inline tokens of ``parser``; adds a rule for formulas to it.

    ``left_out`` gets what tags cross out or hide.
    """

    def __init__(self, parser: MarkdownIt, left_out: Read) -> None:
        self._parser = parser
        self._left_out = left_out
        if "formula" not in parser.inline.ruler.get_all_rules():
            parser.inline.ruler.before("escape", "formula", _formula_rule)

    def plain(self, source: str, place: Locator) -> str:
        """Visible text of one cell or line of Markdown source that stands at ``place``."""
        tokens = self._parser.parseInline(source)
        return " ".join(piece.text for piece in self.read(tokens[0], place) if piece.text)

    def read(self, inline: Token, place: Locator) -> list[Piece]:
        """Split an inline token into lines; an image becomes a line of its own."""
        pieces = [Piece(0)]
        tags = Tags(self._left_out, place)
        strong = 0
        for token in inline.children or []:
            last = pieces[-1]
            if token.type in {"softbreak", "hardbreak"}:
                pieces[-1] = replace(last, hard=token.type == "hardbreak")
                pieces.append(Piece(last.line + 1, tags.text(" ").strip()))
            elif token.type == "image":
                pieces.append(Piece(last.line, token.content, is_figure=True))
                pieces.append(Piece(last.line))
            elif token.type == "strong_open":
                strong += 1
            elif token.type == "strong_close":
                strong -= 1
            else:
                text = _visible(token, tags)
                bold = last.bold and (strong > 0 or not text.strip())
                pieces[-1] = replace(last, text=last.text + text, bold=bold)
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text + tags.end())
        clean = (replace(piece, text=_clean(piece.text)) for piece in pieces)
        return [piece for piece in clean if piece.text or piece.is_figure]

    def paragraphs(self, pieces: list[Piece]) -> Iterator[list[Piece]]:
        """Group lines into paragraphs: authors end paragraphs and items with line breaks too."""
        group: list[Piece] = []
        for piece in pieces:
            if group and (piece.is_figure or group[-1].is_figure or _starts_anew(group[-1], piece)):
                yield group
                group = []
            group.append(piece)
        if group:
            yield group

    def join(self, group: list[Piece]) -> str:
        """Text of one paragraph; breaks the author wrote out stay."""
        lines: list[list[str]] = [[]]
        for piece in group:
            lines[-1].append(piece.text)
            if piece.hard:
                lines.append([])
        return "\n".join(join_lines(line) for line in lines if line)

    def is_heading(self, group: list[Piece], text: str, *, alone: bool) -> bool:
        """A chapter line of a statute, or a short line that is all bold, is a heading."""
        if len(group) != 1 or len(text) > MAX_HEADING:
            return False
        if is_statute_heading(text):
            return True
        if not alone or not group[0].bold or ends_sentence(text):
            return False
        return not is_caption(text) and not is_figure_caption(text) and len(text) > 1

    def is_item(self, text: str) -> bool:
        """Tell whether a paragraph is an item that the syntax does not know: （一）…, ①…"""
        return is_list_item(text) and not text.startswith(("*", "-", "·"))


def _starts_anew(line: Piece, following: Piece) -> bool:
    """Tell whether a line break ends a paragraph rather than a line."""
    text = following.text
    if is_list_item(text) or _REFERENCE.match(text) or _NOTE.match(text):
        return True
    if is_statute_heading(text) or is_caption(text) or is_figure_caption(text):
        return True
    if re.match(r"第[一二三四五六七八九十百零〇]+条", text):
        return True
    # English prose is broken anywhere, after full stops too.
    return ends_sentence(line.text) and (line.hard or not line.text.endswith((".", ":", "!", "?")))


def _visible(token: Token, tags: Tags) -> str:
    if token.type == "html_inline":
        return tags.tag(token.content)
    if token.type in {"text", "code_inline", "text_special"}:
        return tags.text(without_marks(token.content))
    return ""


def _clean(text: str) -> str:
    """Remove emphasis marks that the syntax did not take, as next to Chinese punctuation."""
    text = _STARS_LEFT.sub("", _STARS_OPEN.sub("", settled(text)))
    text = "\n".join(_without_stars(line) for line in text.split("\n"))
    # Formulas are set apart by blanks in the source, also before Chinese punctuation.
    return re.sub(r" (?=[，。；：、）])", "", squeeze(text))


def _without_stars(line: str) -> str:
    """Take off pairs of ``**`` around words that the syntax left standing."""
    pieces: list[str] = []
    done = 0
    start = line.find("**")
    while start >= 0:
        if not line[start + 2 : start + 3].strip():
            start = line.find("**", start + 1)
            continue
        end = _BOLD_END.search(line, start + 3)
        if end is None:
            break  # none for those that follow either
        pieces += [line[done:start], line[start + 2 : end.start()]]
        done = end.end()
        start = line.find("**", done)
    return "".join([*pieces, line[done:]])


def _formula_rule(state: StateInline, silent: bool) -> bool:
    """Inline rule of the parser: ``$ … $`` becomes readable text."""
    if state.src[state.pos] != "$":
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None or _CJK.search(match.group(1)) or not _FORMULA_SIGN.search(match.group(1)):
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        lead = state.src[max(0, state.pos - 1) : state.pos]
        apart = not lead or lead in " \n(（，、；。" or _CJK.match(lead) is not None
        token.content = math_to_text(match.group(1), apart=apart)
    state.pos = match.end()
    return True
