"""Plain text: paragraphs, headings by their wording, hard-wrapped lines mended."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.structure.headings import (
    MAX_HEADING,
    compress_levels,
    ends_sentence,
    heading_rank,
    is_list_item,
    is_statute_heading,
    looks_like_heading,
    strip_bullet,
    with_sections,
)
from ingest.text import join_lines, squeeze

_UNDERLINE = re.compile(r"^(={3,}|-{3,}|~{3,}|\*{3,}|_{3,})$")
_RULE = re.compile(r"^[=\-~*_—─═]{3,}$")
_CAPITALS_RANK = 1
# 「ABSTRACT.RESULTS:」 on a line of its own, as exports of articles label their parts.
_LABEL = re.compile(r"[A-Z]{4,}(?:[.\s][^a-z]*)?:")
_TITLE_LABEL = re.compile(r"(?:ARTICLE\W)?TITLE:")
# Display columns between which a line length is taken for a typesetter's choice.
_NARROWEST, _WIDEST = 34, 140
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    width: int


def load(source: Source) -> Loaded:
    """Read a text file; every block's locator has the number of its first line.

    Raises :class:`BadInput` when the file holds no text.
    """
    text, _, warning = decode(source.data)
    groups = _groups(text)
    wrap = _wrap_width(groups)
    if len(groups) == 1 and wrap is None:
        groups = [[line] for line in groups[0]]
    blocks: list[Block] = []
    for position, group in enumerate(groups):
        blocks.extend(_blocks_of(group, wrap, _neighbours_number(groups, position)))
    if not blocks:
        raise BadInput("the file is empty (no text in it); check the export or leave it out")
    blocks = with_sections(compress_levels(blocks))
    return Loaded(
        blocks,
        title=_title(blocks),
        metadata={"kind": "paper"} if _is_article(blocks) else {},
        warnings=[warning] if warning else [],
    )


def _groups(text: str) -> list[list[_Line]]:
    """Lines between blank lines, without the blank ones."""
    lines = re.split(r"\r\n|\r|\n|\f|\x85|\u2028|\u2029", text)
    while lines and not lines[-1].strip():
        lines.pop()
    groups: list[list[_Line]] = [[]]
    for number, raw in enumerate(lines, start=1):
        line = squeeze(raw)
        label = _is_label(line)
        if groups[-1] and (label or not line):
            groups.append([])
        if line:
            groups[-1].append(_Line(number, line, _columns(line)))
        if label:
            groups.append([])
    return [group for group in groups if group]


def _wrap_width(groups: list[list[_Line]]) -> int | None:
    """The column at which lines were broken by hand or by an editor, or ``None``.

    A file is taken for hard-wrapped when most lines that another line follows had no room for
    the first word of that line.
    """
    followed = [line for group in groups for line in group[:-1]]
    if len(followed) < 2:
        return None
    widths = sorted(line.width for line in followed)
    width = widths[min(len(widths) - 1, int(len(widths) * 0.95))]
    if not _NARROWEST <= width <= _WIDEST:
        return None
    pairs = [(a, b) for group in groups for a, b in itertools.pairwise(group)]
    full = sum(1 for line, following in pairs if _is_full(line, following, width))
    return width if full * 10 >= len(pairs) * 6 else None


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the first word of the next line would not have fitted on this one."""
    first = following.text.split(" ", 1)[0]
    if re.match(r"[\u3000-\u9fff\uff00-\uffef]", first):
        first = first[:2]
    return line.width + 1 + _columns(first) > width - 2


def _blocks_of(group: list[_Line], wrap: int | None, in_list: bool) -> list[Block]:
    if len(group) == 2 and _UNDERLINE.match(group[1].text) and len(group[0].text) <= MAX_HEADING:
        rank = 1 if group[1].text.startswith("=") else 2
        return [_heading(group[0], rank)]
    if len(group) > 2 and _UNDERLINE.match(group[1].text) and len(group[0].text) <= MAX_HEADING:
        return _blocks_of(group[:2], wrap, False) + _blocks_of(group[2:], wrap, in_list)
    paragraphs = _paragraphs(group, wrap)
    alone = len(paragraphs) == 1 and not in_list
    return [block for lines in paragraphs for block in _block(lines, wrap, alone)]


def _paragraphs(group: list[_Line], wrap: int | None) -> list[list[_Line]]:
    """Split a group into paragraphs at line ends that the author meant."""
    paragraphs = [[group[0]]]
    for line, following in itertools.pairwise(group):
        wrapped = wrap is not None and _is_full(line, following, wrap)
        starts = is_list_item(following.text) or is_statute_heading(following.text)
        ended = ends_sentence(line.text)
        goes_on = wrap is not None and not starts and not ended
        if goes_on or (wrapped and not (starts and ended)):
            paragraphs[-1].append(following)
        else:
            paragraphs.append([following])
    return paragraphs


def _block(lines: list[_Line], wrap: int | None, alone: bool) -> list[Block]:
    first = lines[0]
    if len(lines) == 1 and _RULE.match(first.text):
        return []
    if len(lines) == 1 and (
        is_statute_heading(first.text) or (alone and looks_like_heading(first.text))
    ):
        return [_heading(first, heading_rank(first.text) or 2)]
    if len(lines) == 1 and alone and (_is_capitals(first.text) or _is_label(first.text)):
        return [_heading(first, _CAPITALS_RANK)]
    text = join_lines([line.text for line in lines])
    locator = Locator(line=first.number)
    if is_list_item(text):
        return [Block("list_item", strip_bullet(text), locator)]
    return [Block("paragraph", text, locator)]


def _heading(line: _Line, rank: int) -> Block:
    return Block("heading", line.text, Locator(line=line.number), level=rank)


def _neighbours_number(groups: list[list[_Line]], position: int) -> bool:
    """Tell whether the line is one of a run of numbered lines: a list, not a heading."""
    group = groups[position]
    rank = heading_rank(group[0].text)
    if len(group) != 1 or rank is None or is_statute_heading(group[0].text):
        return False
    around = groups[max(0, position - 1) : position] + groups[position + 1 : position + 2]
    return any(len(other) == 1 and heading_rank(other[0].text) == rank for other in around)


def _is_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return (
        len(letters) >= 4
        and len(text) <= MAX_HEADING
        and all("A" <= letter <= "Z" for letter in letters)
        and not ends_sentence(text)
    )


def _is_label(text: str) -> bool:
    return len(text) <= MAX_HEADING and _LABEL.fullmatch(text) is not None


def _is_article(blocks: list[Block]) -> bool:
    """Whether an abstract and results are labelled as such."""
    labels = [block.text for block in blocks if block.kind == "heading" and _is_label(block.text)]
    return any("ABSTRACT" in label for label in labels) and any("RESULT" in lb for lb in labels)


def _title(blocks: list[Block]) -> str | None:
    """The first block when it is short and no sentence; what stands under the label TITLE."""
    first = blocks[0] if blocks else None
    if len(blocks) > 1 and first is not None and _TITLE_LABEL.fullmatch(first.text):
        return blocks[1].text if len(blocks[1].text) <= _LONGEST_TITLE else None
    if first is None or len(first.text) > MAX_HEADING or "\n" in first.text:
        return None
    if first.kind == "list_item" or ends_sentence(first.text) or heading_rank(first.text):
        return None
    return first.text


def _columns(text: str) -> int:
    """Width on a terminal: wide characters count two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
