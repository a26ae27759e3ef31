"""What is recognised in one item: conditions with their places, joins, negations, windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from design.cohort.reading.lexicon import lexicon
from design.cohort.reading.values import Bound, read_before, read_bound, read_compared
from design.cohort.units import analytes, conversion, unit_of
from design.cohort.vocabulary import CONDITION, DRUG, MEASUREMENT, Vocabulary, plain, terms

_SHORT = 3  # letters: shorter names must be written as they are known
_LONGEST = 80
_OTHER_UNIT = re.compile(
    r"\s*[(\[]\s*(?:[<>≤≥]=?)?\s*(?P<value>\d+(?:\.\d+)?)(?P<unit>[^()\[\]]+)[)\]]"
)
_SAME = 0.05  # as a share: rounded in the text
_DOMAINS = (CONDITION, DRUG, MEASUREMENT)
_NAMED = {"diagnosis", "drug", "measurement"}


@dataclass(slots=True)
class Token:
    """Something recognised.

    Attributes:
        kind: ``age``, ``sex``, ``diagnosis``, ``drug``, ``measurement``, ``window``, ``duration``,
            ``washout``, ``not``, ``qualifier``, ``current``, ``or_past``, or a join: ``or``,
            ``and``, ``with``, ``list``, ``comma``.
        start: Where it begins in the item.
        end: Where it ends.
        value: Of an age or a measurement a :class:`Bound`; of a sex its word, ``None`` for either;
            of a window or duration days.
        concepts: Ids in the source; empty when the source has none.
        less: A duration that was too short.
        bare: Years without a word that says they are of age.
        again: A second bound of the name before it.
        shared: The bound was written once for this name and the next.
    """

    kind: str
    start: int
    end: int
    value: Any = None
    concepts: list[int] = field(default_factory=list)
    less: bool = False
    bare: bool = False
    shared: bool = False
    again: bool = False


class Reader:
    """Recognises what a vocabulary knows in items of text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.names: dict[str, list[tuple[str, list[int]]]] = {}
        self.short: set[str] = set()
        for domain in _DOMAINS:
            for name, ids in vocabulary.names(domain).items():
                self.names.setdefault(name, []).append((domain, ids))
        for term in terms():
            self._known(term.domain, term.says)
        for analyte in analytes().values():
            self._known(MEASUREMENT, analyte.names)
        for entry in vocabulary.entries.values():
            self.short |= {name for name in entry.names if len(plain(name)) <= _SHORT}

    def _known(self, domain: str, names: tuple[str, ...]) -> None:
        """Wordings that are understood even where the source has no concept for them."""
        for name in names:
            if all(where != domain for where, _ in self.names.get(plain(name), [])):
                self.names.setdefault(plain(name), []).append((domain, []))
            if len(plain(name)) <= _SHORT:
                self.short.add(name)

    def tokens(self, text: str) -> list[Token]:
        """All tokens of an item in order, none overlapping."""
        taken = [False] * len(text)
        found: list[Token] = []

        def take(token: Token) -> None:
            if not any(taken[token.start : token.end]) and token.end > token.start:
                taken[token.start : token.end] = [True] * (token.end - token.start)
                found.append(token)

        for token in self._names(text):
            take(token)
            for again in _again(token, text):
                take(again)
        for token in self._simple(text, taken):
            take(token)
        found.sort(key=lambda token: token.start)
        return _shared_bounds(_without_slashes(found, text), text)

    def _names(self, text: str) -> Iterator[Token]:
        """Diagnoses, drugs and measurements with their bounds, the longest names first."""
        letters = [(place, plain(char)) for place, char in enumerate(text)]
        letters = [(place, char) for place, char in letters if char]
        flat = "".join(char[0] for _, char in letters)
        place = 0
        while place < len(flat):
            token = self._longest(text, flat, letters, place)
            if token is None:
                place += 1
                continue
            end = token.end
            yield token
            while place < len(flat) and letters[place][0] < end:
                place += 1

    def _longest(
        self, text: str, flat: str, letters: list[tuple[int, str]], place: int
    ) -> Token | None:
        start = letters[place][0]
        for length in range(min(_LONGEST, len(flat) - place), 0, -1):
            known = self.names.get(flat[place : place + length])
            if known is None:
                continue
            end = letters[place + length - 1][0] + 1
            if not self._whole(text, start, end):
                continue
            token = self._token(text, start, end, known)
            if token is not None:
                return token
        return None

    def _whole(self, text: str, start: int, end: int) -> bool:
        """Whether a name is not part of a longer word, and short names are written as known."""
        first, last = text[start], text[end - 1]
        if first.isascii() and first.isalnum() and start and _latin(text[start - 1]):
            return False
        if last.isascii() and last.isalnum() and end < len(text) and _latin(text[end]):
            # ALT3 is not ALT; HbA1c7% is written without a space.
            return text[end].isdigit() and not last.isdigit() and end - start > 1
        flat = plain(text[start:end])
        return len(flat) > _SHORT or not flat.isascii() or text[start:end].strip() in self.short

    def _token(
        self, text: str, start: int, end: int, known: list[tuple[str, list[int]]]
    ) -> Token | None:
        domains = dict(known)
        if MEASUREMENT in domains:
            ids = domains[MEASUREMENT]
            end = _aliases(self, text, end, ids)
            scored = self._scored(ids, text[start:end])
            bound = read_before(text, start, end, scored) or read_bound(text, end, scored)
            if bound is not None:
                bound.end = self._in_other_units(text, bound, ids)
                return Token(
                    "measurement", min(start, bound.start), bound.end, value=bound, concepts=ids
                )
            if len(domains) == 1:
                return Token("measurement", start, end, concepts=ids)
        for domain, kind in ((CONDITION, "diagnosis"), (DRUG, "drug")):
            if domain in domains:
                end = _aliases(self, text, end, domains[domain])
                return Token(kind, start, end, concepts=domains[domain])
        return None

    def _in_other_units(self, text: str, bound: Bound, ids: list[int]) -> int:
        """Past a bracket that says the same bound in another unit: 2.0 mg/dL (177 μmol/L)."""
        match = _OTHER_UNIT.match(text, bound.end)
        values = list(bound.given().values())
        analyte = self.vocabulary.analyte(ids[0]) if ids else None
        if match is None or bound.unit is None or len(values) != 1:
            return bound.end
        source, target = unit_of(bound.unit), unit_of(match["unit"].strip())
        line = conversion(analyte, source, target) if source and target else None
        if line is None:
            return bound.end
        said = float(match["value"])
        same = abs(line(values[0]) - said) <= _SAME * said
        return match.end() if same else bound.end

    def _scored(self, ids: list[int], name: str) -> bool:
        """Whether it is a score, class or stage, so that lists and Roman numerals fit."""
        for id in ids:
            analyte = self.vocabulary.analyte(id)
            unit = self.vocabulary.units.get(id) or (analyte.unit if analyte else "")
            return unit_of(unit) == "{score}"
        wanted = plain(name)
        return any(
            analyte.unit == "{score}" and wanted in map(plain, analyte.names)
            for analyte in analytes().values()
        )

    def _simple(self, text: str, taken: list[bool]) -> Iterator[Token]:
        words = lexicon()
        for pattern in words.windows:
            for match in pattern.finditer(text):
                yield Token("window", *match.span(), value=words.period(match["n"], match["u"]))
        for match in words.qualifier.finditer(text):
            yield Token("qualifier", *match.span())
        for kind, pattern in (("or_past", words.or_past), ("current", words.current)):
            for match in pattern.finditer(text):
                yield Token(kind, *match.span())
        yield from self._ages(text)
        for sex, pattern in words.sexes:
            for match in pattern.finditer(text):
                yield Token("sex", *match.span(), value=None if sex == "either" else sex)
        yield from self._stages(text)
        if words.washout.search(text):
            for match in words.washout.finditer(text):
                yield Token("washout", *match.span())
            for match in words.duration.finditer(text):
                days = words.period(match["n"], match["u"])
                less = bool(match["p"] and words.less.fullmatch(match["p"]))
                yield Token("duration", *match.span(), value=days, less=less)
        for match in words.negation.finditer(text):
            yield Token("not", *match.span())
        for kind, pattern in words.joins:
            for match in pattern.finditer(text):
                yield Token(kind, *match.span())

    def _ages(self, text: str) -> Iterator[Token]:
        words = lexicon()
        given = False
        for pattern in words.ages:
            for match in pattern.finditer(text):
                bound = Bound(*match.span(), min=float(match["low"]), max=float(match["high"]))
                given = True
                yield Token("age", *match.span(), value=bound)
        for match in words.one_age.finditer(text):
            side = _side(match["sign"], match["post"])
            if side is None or not (match["said"] or match["unit"]):
                continue
            bound = Bound(*match.span())
            setattr(bound, side, float(match["n"]))
            given = True
            bare = not match["said"] and words.years.fullmatch(match["unit"]) is not None
            bare = bare and not (match["post"] or match[0].lower().endswith("age"))
            yield Token("age", *match.span(), value=bound, bare=bare)
            other = words.age_pair.search(text[: match.start()])
            side = _side(other["sign"], None) if other else None
            if other is not None and side is not None and not match["said"]:
                bound = Bound(other.start(), other.end("n"))
                setattr(bound, side, float(other["n"]))
                yield Token("age", bound.start, bound.end, value=bound, bare=bare)
        # 「成人，18–75岁」: the age that is written counts.
        for match in words.adult.finditer(text):
            if given:
                yield Token("said", *match.span())
                continue
            bound = Bound(*match.span(), min=float(words.adult_from))
            yield Token("age", *match.span(), value=bound)

    def _stages(self, text: str) -> Iterator[Token]:
        """``III-IV期`` and ``IV期``: stages named after their number."""
        roman = lexicon().roman
        numeral = "|".join(sorted(roman, key=len, reverse=True))
        pattern = rf"(?<![A-Za-z])({numeral})(?:\s*(?:-|~|至|到|/|或|、)\s*({numeral}))?\s*期"
        for match in re.finditer(pattern, text):
            low = roman[match[1]]
            high = roman[match[2]] if match[2] else low
            ids = self.vocabulary.find("TNM分期", MEASUREMENT)
            bound = Bound(*match.span(), min=float(low), max=float(high))
            yield Token("measurement", *match.span(), value=bound, concepts=ids)


def _side(sign: str | None, post: str | None) -> str | None:
    words = lexicon()
    for given, rules in ((sign, words.compare), (post, words.after)):
        for side, pattern in rules if given else ():
            if given and pattern.fullmatch(given.strip()):
                return side if side != "equal" else None
    return None


def _aliases(reader: Reader, text: str, end: int, ids: list[int]) -> int:
    """Past a bracket that says the same in other words: 左室射血分数(LVEF)."""
    match = re.match(r"\s*\(([^()]{1,60})\)", text[end:])
    if match is None:
        return end
    parts = re.split(r"[,、;/]\s*", match[1].strip())
    for part in parts:
        known = reader.names.get(plain(part), [])
        if not any(not ids or not set_ids or set(ids) & set(set_ids) for _, set_ids in known):
            return end
    return end + match.end()


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _again(token: Token, text: str) -> Iterator[Token]:
    """``BMI < 18 or > 40 kg/m2``: a second bound of the same name, in the same unit."""
    first = token.value
    if token.kind != "measurement" or first is None:
        return
    joined = lexicon().or_bound.match(text, token.end)
    second = read_compared(text, joined.end()) if joined is not None else None
    if second is None or second.times_uln != first.times_uln:
        return
    first.unit, second.unit = first.unit or second.unit, second.unit or first.unit
    yield replace(token, start=second.start, end=second.end, value=second, again=True)


def _without_slashes(tokens: list[Token], text: str) -> list[Token]:
    """``ALT/AST`` lists two names; ``fasting serum/blood glucose`` and ``140/90`` do not."""
    atoms = {token.end: token for token in tokens if token.kind in _NAMED}
    starts = {token.start for token in tokens if token.kind in _NAMED}
    kept = []
    for token in tokens:
        slash = token.kind == "list" and text[token.start : token.end] == "/"
        bare = len(text[: token.start].rstrip())
        after = token.end + len(text[token.end :]) - len(text[token.end :].lstrip())
        if not slash or (bare in atoms and after in starts):
            kept.append(token)
    return kept


def _shared_bounds(tokens: list[Token], text: str) -> list[Token]:
    """``ALT 和 AST ≤ 2.5×ULN``: a name without a bound takes that of the next name joined to it."""
    for place in range(len(tokens) - 3, -1, -1):
        first, join, second = tokens[place : place + 3]
        between = text[first.end : join.start] + text[join.end : second.start]
        if (
            first.kind == second.kind == "measurement"
            and first.value is None
            and second.value is not None
            and join.kind in {"and", "with", "or", "list"}
            and not between.strip()
        ):
            first.value = replace(second.value, start=first.end)
            first.shared = True
    return tokens
