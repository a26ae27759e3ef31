"""The bilingual lexicon: words for segmentation, and equivalents for expanding a question."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from ingest.text import CJK
from retrieval.normalise import fold

HAS_CJK = re.compile(f"[{CJK}]")
_MANY_VALUED = ("abbreviations", "synonyms_zh", "synonyms_en")


@dataclass(frozen=True, slots=True)
class Concept:
    """All the names of one thing.

    ``asked_as`` are the names that stand for it in a question; all of them when empty. Spoken
    words point one way only: 病人 in a question also means 受试者, 受试者 never means 病人.
    ``domain`` is the kind of thing it is: drug, disease, endpoint, …
    """

    id: str
    zh: str
    en: str
    names: tuple[str, ...]
    asked_as: tuple[str, ...] = ()
    domain: str = ""


class LexiconError(ValueError):
    """A row of the lexicon that cannot be used; the message names the line."""


class Lexicon:
    """Concepts and a matcher that finds their names in a text.

    Example:
        >>> lexicon = Lexicon([Concept("sae", "严重不良事件", "serious adverse event",
        ...     ("严重不良事件", "serious adverse event", "SAE"))])
        >>> [c.id for c in lexicon.find("SAE怎么报")]
        ['sae']
    """

    def __init__(self, concepts: list[Concept], fingerprint: str = "none") -> None:
        self.concepts = concepts
        self.fingerprint = fingerprint

    @classmethod
    def empty(cls) -> Lexicon:
        """A lexicon without concepts."""
        return cls([])

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read ``lexicon.csv``, and ``colloquial.csv`` and ``trials.csv`` beside it.

        Files that are missing are passed over.

        Raises:
            LexiconError: A row lacks ``id``, ``zh`` or ``en``; the message names the line.
        """
        if not path.exists():
            return cls.empty()
        data = path.read_bytes()
        concepts = []
        rows = csv.DictReader(data.decode("utf-8-sig").splitlines())
        for line, row in enumerate(rows, start=2):
            if not (row.get("id") and row.get("zh") and row.get("en")):
                raise LexiconError(f"{path.name} line {line}: id, zh and en must be filled in")
            names = [row["zh"], row["en"]]
            for column in _MANY_VALUED:
                names.extend(n.strip() for n in (row.get(column) or "").split("|"))
            unique = tuple(dict.fromkeys(name for name in names if name))
            concepts.append(
                Concept(row["id"], row["zh"], row["en"], unique, domain=row.get("domain") or "")
            )
        spoken = path.with_name("colloquial.csv")
        if spoken.exists():
            data += spoken.read_bytes()
            concepts += _spoken_words(spoken)
        trials = path.with_name("trials.csv")
        if trials.exists():
            data += trials.read_bytes()
            concepts += _trials(trials)
        return cls(concepts, hashlib.sha256(data).hexdigest()[:12])

    def chinese_words(self) -> Iterator[str]:
        """Folded Chinese names, for the segmenter."""
        for concept in self.concepts:
            for name in concept.names:
                if HAS_CJK.search(name):
                    yield fold(name)

    def find(self, text: str) -> list[Concept]:
        """Concepts named in a text, in order of appearance; the longest name wins."""
        found: dict[str, Concept] = {}
        folded = fold(text)
        for start, end in self.name_spans(folded):
            for concept in self._by_name[folded[start:end]]:
                found.setdefault(concept.id, concept)
        return list(found.values())

    def name_spans(self, folded: str) -> list[tuple[int, int]]:
        """Where names of concepts stand in a folded text, longest names first, not overlapping."""
        spans: list[tuple[int, int]] = []
        place = 0
        while place < len(folded):
            end = self._longest_at(folded, place)
            if end:
                spans.append((place, end))
            place = end or place + 1
        return spans

    def _longest_at(self, folded: str, start: int) -> int | None:
        """End of the longest name that begins at ``start``.

        Latin names must stand alone (no OS in "dose"); Chinese names may stand anywhere.
        """
        for length in self._lengths.get(folded[start : start + 1], ()):
            name = folded[start : start + length]
            end = start + len(name)  # near the end of the text a slice is shorter
            if name in self._by_name and (HAS_CJK.search(name) or _alone(folded, start, end)):
                return end
        return None

    def is_term(self, name: str) -> bool:
        """Whether a folded name is one of the field's terms, not only a spoken word for one."""
        return any(not c.id.startswith(_SPOKEN) for c in self._by_name.get(name, []))

    def is_trial(self, name: str) -> bool:
        """Whether a folded name is that of a trial: an identifier, not a term."""
        return any(c.id.startswith(TRIAL) for c in self._by_name.get(name, []))

    def domains(self, name: str) -> frozenset[str]:
        """The domains of the concepts that a folded name stands for."""
        return frozenset(c.domain for c in self._by_name.get(name, []) if c.domain)

    def equivalents(self, name: str) -> tuple[str, ...]:
        """All folded names of the concepts that a folded name stands for."""
        concepts = self._by_name.get(name, [])
        return tuple(dict.fromkeys(fold(other) for c in concepts for other in c.names))

    @cached_property
    def _by_name(self) -> dict[str, list[Concept]]:
        by_name: dict[str, list[Concept]] = {}
        for concept in self.concepts:
            for name in concept.asked_as or concept.names:
                by_name.setdefault(fold(name), []).append(concept)
        return by_name

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names that begin with a character, longest first."""
        lengths: dict[str, set[int]] = {}
        for name in self._by_name:
            lengths.setdefault(name[:1], set()).add(len(name))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    # PACIFIC-6 is not PACIFIC; PD-L1-positive is still PD-L1.
    numbered = after[:1] == "-" and after[1:].isdigit()
    return not (_latin(before) or _latin(after[:1]) or numbered)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _spoken_words(path: Path) -> list[Concept]:
    """Rows ``spoken,formal|formal``: what people say and what documents write."""
    concepts = []
    for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
        formal = [name.strip() for name in row["formal"].split("|") if name.strip()]
        names = tuple(dict.fromkeys((row["spoken"], *formal)))
        concepts.append(
            Concept(f"{_SPOKEN}{row['spoken']}", formal[0], "", names, asked_as=(row["spoken"],))
        )
    return concepts


TRIAL = "trial:"
_SPOKEN = "spoken:"


def _trials(path: Path) -> list[Concept]:
    """Rows ``acronym,registry_id``: a trial is found under either."""
    return [
        Concept(
            f"{TRIAL}{row['registry_id']}",
            row["acronym"],
            row["acronym"],
            (row["acronym"], row["registry_id"]),
        )
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    ]


@lru_cache(maxsize=4)
def load_lexicon(path: Path) -> Lexicon:
    """:meth:`Lexicon.load`, once a process."""
    return Lexicon.load(path)
