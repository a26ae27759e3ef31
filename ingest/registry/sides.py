"""Find which side each part of an eligibility text is on, by the headings in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.text import join_lines

BULLET = r"[-*•·●○▪◦‣–—]"
# A letter needs a blank behind it, so that "e.g." opens no list.
MARKER = re.compile(
    rf"(?P<bullet>{BULLET}+)\s+(?=\S)"
    r"|(?:(?P<open>[（(])(?=[^.、．\s]+[)）]))?(?P<number>\d{1,2}(?=[.)、．）](?!\d))"
    r"|(?:[a-zA-Z]|[ivxIVX]{2,4})(?=[.)）]\s))(?P<close>[.)、．）])\s*(?=\S)"
    r"|(?P<circled>[\u2460-\u2473])\s*"
)
_SIDE = r"(?P<side>non-?\s?inclusion|inclusion|exclusion|纳入|入选|入组|排除)"
_CRITERIA = r"(?:\s*(?:criteria|criterion|crit\.?|标准))"
_KIND_OF = (
    r"(?:(?:the|key|main|major|general|specific|primary|principal|additional|important|absolute"
    r"|relative|other|common|core|study|subjects?|patients?|participants?|donors?|主要|其他)\s*){0,3}"
)
PLAIN = re.compile(
    rf"(?:the\s+|criteria\s+for\s+)?{_SIDE}{_CRITERIA}?(?:\s+(?:are|include|is))?\s*[:：-]*", re.I
)
WITH_TEXT = re.compile(
    rf"{_SIDE}\s*(?:criteria|criterion|标准)\s*[:：]\s*(?P<rest>\S.*)", re.I | re.S
)
# "Key exclusion criteria for part 2" with or without a colon; "must meet these inclusion criteria:"
_QUALIFIED = re.compile(rf"{_KIND_OF}{_SIDE}{_CRITERIA}[^:：.;。；]{{0,60}}[:：-]*", re.I)
_SENTENCE = re.compile(
    rf"(?:.{{0,100}}\b{_SIDE}\s+criteria\b.{{0,40}}"
    r"|(?:[a-z]+\s+)?criteria\s+for\s+(?P<for>inclusion|exclusion)\b.{0,60})[:：]+",
    re.I,
)
_EXCLUDED = re.compile(
    r".{0,100}\b(?:excluded?|exclusions?|ineligible|not eligible"
    r"|(?:not|cannot) be (?:included|selected for inclusion))\b.{0,60}[:：]+",
    re.I,
)
_OPENING = re.compile(r"(?P<side>Exclusion|Inclusion)\s+[Cc]riteria\s+(?P<rest>\S.*)", re.S)
_RUN_OUT = re.compile(r"(?P<side>Exclusion)\s+(?P<rest>[A-Z].*)", re.S)
# A heading that stands inside a line; not in "meets the Exclusion Criteria:".
_INLINE = re.compile(
    r"(?<=\S)(?<!\bthe)(?<!\bany)(?<!\ball)(?<!\bof)(?<!\bmeet)(?<!\bfollowing)(?<!\band)(?<!\bor)"
    r"(?<!\bKey)(?<!\bMain)(?<!\bkey)(?<!\bmain)(?<!/)"
    r"\s+(?P<words>(?:Exclusion|EXCLUSION|Inclusion|INCLUSION)\s+(?:[Cc]riteria|CRITERIA))"
    r"(?:\s*(?P<colon>:)|(?=\s*\n\s*\n)|(?=\s*$))"
)


def unwrapped(text: str) -> str:
    """The text with every paragraph and marked line on one line."""
    lines: list[list[str]] = []
    for line in _spaced(text).split("\n"):
        bare = line.strip()
        last = lines[-1] if lines else [""]
        follows = bool(bare and last[0]) and not _titled(last[-1])
        if follows and not _opens_item(bare, last[0]) and not _titled(bare):
            last.append(bare)
        else:
            lines.append([line.rstrip()])
    return "\n".join(joined(parts) for parts in lines)


def _opens_item(line: str, before: str) -> bool:
    """Whether a line behind another begins an item, and is not "18) years" or "- 65 years"."""
    marker = MARKER.match(line)
    if marker is None or not marker["number"]:
        return marker is not None and not line[marker.end() :][:1].isdigit()
    last = MARKER.match(before.strip())
    counted = last["number"] if last is not None else None
    if not marker["number"].isdigit() or counted is None or not counted.isdigit():
        return marker["number"] in {"1", "a", "A", "i"}
    return int(marker["number"]) in {1, int(counted) + 1}


def _titled(line: str) -> bool:
    """A heading such as ``Inclusion Criteria:``, told by its capital and colon."""
    bare = line.strip()
    return bare[:1].isupper() and bare.endswith(":") and PLAIN.fullmatch(bare) is not None


def _spaced(text: str) -> str:
    """The text with headings that stand inside a line on lines of their own."""

    def apart(match: re.Match[str]) -> str:
        before = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
        if re.fullmatch(rf"\s*(?:[\d.)]+|{BULLET}|#+)", before):
            return match.group()
        return f"\n\n{' '.join(match['words'].split())}{match['colon'] or ''}\n\n"

    return _INLINE.sub(apart, text)


def split_sides(text: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield ``(side, heading with a qualifier, text)``."""
    side, group, lines = "unsorted", None, list[str]()
    for line in _spaced(text).split("\n"):
        found = _heading(line, side)
        if found is None:
            lines.append(line)
            continue
        yield from _part(side, group, lines)
        side, group, rest = found
        lines = [rest] if rest else []
    yield from _part(side, group, lines)


def _part(side: str, group: str | None, lines: list[str]) -> Iterator[tuple[str, str | None, str]]:
    if any(line.strip() for line in lines):
        yield side, group, "\n".join(lines)
    elif group:
        yield side, None, group


def _heading(line: str, current: str) -> tuple[str, str | None, str] | None:
    """``(side, heading if it says more than the side, text behind it)`` of a heading line."""
    marked = re.match(rf"(?:{BULLET}+|#+|\d{{1,2}}(?:\.\d{{1,2}})*[.)、]?)\s+", line.strip())
    bare = line.strip()[marked.end() if marked else 0 :]
    bare = bare.replace("**", "").replace("__", "").strip()
    match = PLAIN.fullmatch(bare)
    if match:
        return _side_of(match["side"]), None, ""
    match = WITH_TEXT.fullmatch(bare)
    if match:
        return _side_of(match["side"]), None, match["rest"]
    if len(re.findall(r"inclusion|exclusion|纳入|入选|排除", bare, re.I)) == 1:
        match = _QUALIFIED.fullmatch(bare)
        if match is None and not marked:
            match = _SENTENCE.fullmatch(bare)
        if match:
            sentence = match.groupdict()
            return _side_of(sentence["side"] or sentence.get("for") or ""), bare, ""
    if marked:
        return None
    match = _OPENING.fullmatch(bare) or _RUN_OUT.fullmatch(bare)
    if match:
        return _side_of(match["side"]), None, match["rest"] if match["rest"][0].isupper() else bare
    if current != "exclusion" and _EXCLUDED.fullmatch(bare):
        return "exclusion", bare, ""
    return None


def _side_of(word: str) -> str:
    word = word.lower()
    return "exclusion" if word.startswith(("exclusion", "non", "排除")) else "inclusion"


def joined(lines: list[str]) -> str:
    """The lines of one paragraph as one line, no character changed."""
    parts = lines[:1]
    for line in lines[1:]:
        end = parts[-1][-1:]
        # A hyphen at a line end is kept: "non-" and "small" are not one word.
        glued = re.search(r"[^\W\d_]-$", parts[-1][-2:]) or join_lines([end, line]) == end + line
        parts.append(line if glued else f" {line}")
    return "".join(parts)
