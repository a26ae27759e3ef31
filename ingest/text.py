"""Small text tools that loaders and the chunker share: tokens, sentences, line joining."""

from __future__ import annotations

import re

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_OR_FULLWIDTH = f"{CJK}\u3000-\u303f\uff00-\uffef\u2018-\u201d"
_TOKEN = re.compile(rf"[{CJK}]|[A-Za-z0-9]+|[^\sA-Za-z0-9{CJK}]")
_HYPHEN_END = re.compile(r"[A-Za-z]{2,}[-\u2010\u00ad]$")

# A sentence ends at 。！？, at ! and ? before a space or a Chinese character (not inside a web
# address), at an English full stop followed by a space and a capital, digit or Chinese character,
# or at a line end. A full stop after a common abbreviation, an initial, the number that opens a
# heading or a bare number in a run-in list does not end one, nor does a mark before a comma.
_CLOSING = "”’」』）)\"'"
_SENTENCE_END = re.compile(
    rf"(?:[。！？]|[!?](?=[{_CLOSING}\s{CJK}]|$))[。！？!?]*+[{_CLOSING}]*+(?![，、；,;])"
    rf"|(?<=[^\s.])\.[{_CLOSING}]*+(?=\s+[\"“‘(\[]?[A-Z0-9\u4e00-\u9fff])"
    r"|\n+"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|Dr|Mr|Mrs|Ms|Prof|Fig|Figs|Tab|No|Nos|Sect|Sec|Art|Eq|Ref|Refs|"
    r"approx|resp|al|St|Inc|Ltd|Co|ca|p|pp|Vol|Ch)|\b[A-Z]|^\s*\d{1,2}(?:\.\d+)*|\s\d{1,2})$"
)
_LONGEST_ABBREVIATION = 40  # characters before a full stop that are looked at; keeps it linear


def count_tokens(text: str) -> int:
    """Size of a text: one for each CJK character, Latin word, number or punctuation mark."""
    return len(_TOKEN.findall(text))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Returns ``(start, end)`` offsets, trimmed of white space, covering everything but the white
    space between sentences. Semicolons do not end a sentence: in Chinese statutes the part after
    one often negates the part before it, so they are quoted together.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        stop = match.start()
        before = text[max(start, stop - _LONGEST_ABBREVIATION) : stop]
        if match.group().startswith(".") and _ABBREVIATION.search(before):
            continue
        _append_trimmed(spans, text, start, match.end())
        start = match.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))


def join_lines(lines: list[str]) -> str:
    """Join the lines of one paragraph as a typesetter broke them.

    Between two CJK characters nothing is inserted; a word hyphenated at a line end is mended; all
    other lines are joined by a space.
    """
    joined = ""
    for line in lines:
        piece = line.strip()
        if not piece:
            continue
        if not joined:
            joined = piece
        elif _HYPHEN_END.search(joined) and piece[0].islower():
            joined = joined[:-1] + piece
        elif _joins_without_space(joined[-1], piece[0]):
            joined += piece
        else:
            joined += " " + piece
    return joined


def _joins_without_space(last: str, first: str) -> bool:
    if _is_cjk(last):
        return _is_cjk(first) or not first.isalnum()
    return _is_cjk(first) and not last.isalnum()


def _is_cjk(character: str) -> bool:
    return re.match(f"[{_CJK_OR_FULLWIDTH}]", character) is not None


def squeeze(text: str) -> str:
    """Collapse runs of blanks within lines, keep line breaks, drop control characters."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", text)
    text = re.sub(r"[ \t\u00a0\u3000]+", " ", text)
    return re.sub(r" ?\n ?", "\n", text).strip()
