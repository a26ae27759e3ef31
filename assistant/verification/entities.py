"""Names of a statement: who acts, what it is about, which document, trial or endpoint."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.verification.failures import Finding
from assistant.verification.numerals import plain_numbers
from assistant.verification.quantities import unit_words
from ingest.text import CJK
from retrieval.lexicon import HAS_CJK, Lexicon
from retrieval.normalise import fold

_CONTRASTS = Path(__file__).with_name("contrasts.toml")
_TITLE = re.compile(r"《([^》]{2,60})》")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*(?:-[A-Z0-9]+)*(?![A-Za-z0-9])")
_NAME = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z][a-z]{3,}(?![A-Za-z0-9])")
_MONTHS_AND_DAYS = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday chinese china english".split()
)
_WORDS = re.compile(r"[A-Za-z]+")
_MODAL = r"(?:应当|应|必须|须|需要?|不得|可以|可|有权|负责|要|shall|must|may|should|will|is required|is responsible)"
_AHEAD_OF_MODAL = re.compile(rf"[^。;.]{{0,40}}?{_MODAL}")
_POSSESSIVE = re.compile(r"\s*(?:'s|’s|的|签|本人)")
_FOLLOWING = re.compile(rf"([{CJK}]{{2}}|\s+[a-z]{{3,}})")
_OBJECT = re.compile(r"(?:向|经|对|给|与|\bto|\bby|\bof|\bwith)\s*(?:the\s+|an?\s+)?$")


def name_findings(
    statement: str, quotes: Sequence[str], context: Sequence[str], lexicon: Lexicon | None
) -> Iterator[Finding]:
    """Names that neither the quotes nor their place hold.

    Args:
        statement: What would be shown.
        quotes: The quoted texts.
        context: Titles, sections and headers that stand with the quotes.
        lexicon: For a name and its abbreviation or translation.
    """
    texts = [*quotes, *context]
    yield from _absent_groups(statement, quotes, context)
    yield from _swapped_groups(statement, quotes)
    whole = fold("\n".join(texts))
    for title in _TITLE.findall(statement):
        if _bare(title) not in _bare("\n".join(texts)):
            yield Finding("name_not_in_quote", f"《{title}》")
    for name in _latin_names(statement):
        if not _known_word(name, whole, lexicon):
            yield Finding("name_not_in_quote", name)
    for name in dict.fromkeys(_ACRONYM.findall(statement)):
        if not _known_acronym(name, whole, texts, lexicon):
            yield Finding("name_not_in_quote", name)


def subject_findings(statement: str, quotes: Sequence[str]) -> Iterator[Finding]:
    """Who must, may or must not act, when the quotes say that somebody else does."""
    quoted = {agent for quote in quotes for agent in _agents(quote)}
    if not quoted:
        return
    for agent in _agents(statement):
        if agent not in quoted:
            yield Finding("subject_changed", _label(*agent), _label(*sorted(quoted)[0]))


def groups_named(text: str) -> list[tuple[str, str]]:
    """Set and group of each contrast word in a text, in order of appearance.

    >>> groups_named("研究者报告申办者")
    [('actor', 'investigator'), ('actor', 'sponsor')]
    """
    return [(name, group) for _, _, name, group in group_spans(text)]


def group_spans(text: str) -> list[tuple[int, int, str, str]]:
    """The same with their places in :func:`plain_numbers` of the text."""
    plain = plain_numbers(text)
    found = []
    for name, pattern in _patterns().items():
        for match in pattern.finditer(plain):
            group = _words_of(name)[int((match.lastgroup or "w0")[1:])][1]
            found.append((match.start(), match.end(), name, group))
    return sorted(found)


def _absent_groups(
    statement: str, quotes: Sequence[str], context: Sequence[str]
) -> Iterator[Finding]:
    offered = {pair for text in (*quotes, *context) for pair in groups_named(text)}
    in_quotes = [pair for quote in quotes for pair in groups_named(quote)]
    said = list(dict.fromkeys(groups_named(statement)))
    for name, group in said:
        if (name, group) in offered:
            continue
        rivals = [other for other in in_quotes if other[0] == name and other not in said]
        if rivals or _tables()[name].get("strict", False):
            rival = _label(*rivals[0]) if rivals else ""
            yield Finding("name_not_in_quote", _label(name, group), rival)


def _swapped_groups(statement: str, quotes: Sequence[str]) -> Iterator[Finding]:
    """Rivals that both stand in the quotes, each beside what the statement gives to the other."""
    quoted: dict[tuple[str, str], set[str]] = {}
    for quote in quotes:
        for name, group, beside in _with_following(quote):
            quoted.setdefault((name, beside), set()).add(group)
    for name, group, beside in _with_following(statement):
        groups = quoted.get((name, beside), {group})
        if group not in groups:
            yield Finding(
                "name_not_in_quote",
                f"{_label(name, group)}{beside}",
                f"{_label(name, min(groups))}{beside}",
            )


def _with_following(text: str) -> Iterator[tuple[str, str, str]]:
    """Set, group and the two Chinese characters or the English word behind each group's word."""
    plain = plain_numbers(text)
    for _, end, name, group in group_spans(text):
        following = _FOLLOWING.match(plain, end)
        if following and name != "actor":
            yield name, group, following.group(1)


def _agents(text: str) -> Iterator[tuple[str, str]]:
    """Actors named right ahead of a word that obliges or permits, unless as its object."""
    plain = plain_numbers(text)
    actors = [span for span in group_spans(text) if span[2] in {"actor", "person"}]
    for index, (start, end, name, group) in enumerate(actors):
        reach = _AHEAD_OF_MODAL.match(plain, end)
        following = actors[index + 1][0] if index + 1 < len(actors) else len(plain)
        if _POSSESSIVE.match(plain, end):
            continue
        if reach and reach.end() <= following and not _OBJECT.search(plain[:start]):
            yield name, group


def _latin_names(statement: str) -> list[str]:
    """Latin words that are names: any in a Chinese sentence, capitalised ones inside an English."""
    if HAS_CJK.search(statement):
        found = [word for word in _NAME.findall(statement) if not word.isupper()]
        return [w for w in dict.fromkeys(found) if w.lower() not in _units_and_symbols()]
    inside = re.sub(r"(?:^|[.!?]\s+)\W*[A-Z]", lambda m: m.group(0).lower(), statement)
    return [
        word
        for word in dict.fromkeys(_NAME.findall(inside))
        if word[0].isupper() and not word.isupper() and word.lower() not in _MONTHS_AND_DAYS
    ]


def _known_word(name: str, whole: str, lexicon: Lexicon | None) -> bool:
    stem = fold(name)[: max(4, len(name) - 2)]
    if re.search(rf"(?<![a-z]){re.escape(stem)}", whole):
        return True
    return lexicon is not None and any(o in whole for o in lexicon.equivalents(fold(name)))


@cache
def _units_and_symbols() -> frozenset[str]:
    return frozenset(word for word in unit_words() if word.isascii()) | {"vs", "versus", "alpha"}


def _known_acronym(
    name: str, whole: str, texts: Sequence[str], lexicon: Lexicon | None
) -> bool:
    folded = fold(name)
    if re.search(rf"(?<![a-z0-9]){re.escape(folded)}s?(?![a-z0-9])", whole):
        return True
    if folded.replace("-", "") in whole.replace("-", ""):
        return True
    if any(_spells(text, folded) for text in texts):
        return True
    if folded in _abbreviations():
        return any(re.search(form, whole) for form in _abbreviations()[folded])
    if lexicon is not None:
        return any(other in whole for other in lexicon.equivalents(folded))
    return False


def _spells(text: str, acronym: str) -> bool:
    """Whether words that follow one another in a text begin with the letters of an acronym."""
    if HAS_CJK.search(acronym) or len(acronym) < 2:
        return False
    initials = "".join(word[0].lower() for word in _WORDS.findall(text))
    without = "".join(
        word[0].lower()
        for word in _WORDS.findall(text)
        if word.lower() not in {"of", "and", "the", "for", "in", "to"}
    )
    return acronym in initials or acronym in without


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(_CONTRASTS.read_text("utf-8"))["set"]
    return found


@cache
def _abbreviations() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(_CONTRASTS.read_text("utf-8"))["abbreviations"]
    return found


@cache
def _words_of(name: str) -> list[tuple[str, str]]:
    """The words of a set with their groups, the longest first."""
    groups: dict[str, list[str]] = _tables()[name]["groups"]
    pairs = [(word, group) for group, words in groups.items() for word in words]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(
            "|".join(
                f"(?P<w{place}>{_form(word)})" for place, (word, _) in enumerate(_words_of(name))
            )
        )
        for name in _tables()
    }


def _form(word: str) -> str:
    if HAS_CJK.search(word):
        return word
    spaced = word if "(?<" in word else word.replace(" ", "[ -]+")
    return rf"(?<![a-z0-9-])(?:{spaced})s?(?![a-z0-9])"


def _label(name: str, group: str) -> str:
    first: str = _tables()[name]["groups"][group][0]
    return re.sub(r"\(\?[^)]*\)|[?]", "", first)
