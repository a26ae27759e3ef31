"""What a source can be asked about: its concepts by every name they have.

Names come from the source's own concept and synonym tables (or the description of a table), and
from the reviewed wordings in ``analytes.toml`` and ``terms.toml``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from design.cohort.errors import BadCohort
from design.cohort.units import Analyte, analytes

CONDITION, DRUG, MEASUREMENT, CATEGORY = "Condition", "Drug", "Measurement", "Category"


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept of the source: id, domain, and what it is called; its own names first."""

    concept: int
    domain: str
    names: tuple[str, ...]

    def name(self, language: str = "zh") -> str:
        """The first name with Chinese characters, or without."""
        chinese = [name for name in self.names if re.search(r"[\u4e00-\u9fff]", name)]
        others = [name for name in self.names if name not in chinese]
        return ((chinese or others) if language == "zh" else (others or chinese))[0]


@dataclass(frozen=True, slots=True)
class Term:
    """A reviewed wording: what is said, and the names of the concepts it means."""

    domain: str
    says: tuple[str, ...]
    means: tuple[str, ...]


@dataclass(slots=True)
class Vocabulary:
    """The concepts of a source.

    Attributes:
        entries: By concept id.
        descendants: Concept ids below each concept, itself included.
        units: The usual unit of measurements of a described table, by concept id.
        undated: The source has no dates, so windows cannot be judged.
        has_uln: Measurements that have an upper limit of normal; ``None``: not looked up.
    """

    entries: dict[int, Entry]
    descendants: Mapping[int, frozenset[int]] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    undated: bool = False
    has_uln: frozenset[int] | None = None
    _names: dict[tuple[str, str], list[int]] = field(init=False, repr=False)
    _analytes: dict[int, Analyte] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._names = {}
        for entry in self.entries.values():
            for name in entry.names:
                self._add(entry.domain, name, [entry.concept])
        self._analytes = {}
        measured = [entry for entry in self.entries.values() if entry.domain == MEASUREMENT]
        for entry in measured:
            found = analyte_of(entry)
            if found is not None:
                self._analytes[entry.concept] = found
        for concept, analyte in self._analytes.items():
            for name in analyte.names:
                if concept not in self._names.get((MEASUREMENT, plain(name)), []):
                    self._add(MEASUREMENT, name, [concept])
        for term in terms():
            found_ids = [id for name in term.means for id in self.find(name, term.domain)]
            for name in term.says:
                if found_ids and (term.domain, plain(name)) not in self._names:
                    self._add(term.domain, name, found_ids)

    def _add(self, domain: str, name: str, concepts: list[int]) -> None:
        self._names.setdefault((domain, plain(name)), []).extend(concepts)

    def find(self, name: str, domain: str) -> list[int]:
        """Concepts of a domain that have a name; several when it names a class."""
        return list(dict.fromkeys(self._names.get((domain, plain(name)), [])))

    def names(self, domain: str) -> dict[str, list[int]]:
        """All names of a domain, plainly written, with what they name."""
        return {name: ids for (where, name), ids in self._names.items() if where == domain}

    def analyte(self, concept: int) -> Analyte | None:
        """The reviewed analyte a measurement is."""
        return self._analytes.get(concept)

    def resolve(self, concepts: Iterable[int | str], domain: str) -> list[int]:
        """Concept ids for ids and names.

        Raises:
            BadCohort: The source has none of this name; the message names the nearest.
        """
        found: list[int] = []
        for item in concepts:
            if isinstance(item, int) or (item.isascii() and item.isdigit()):
                found.append(self._by_id(int(item), domain))
                continue
            ids = self.find(item, domain)
            if not ids:
                raise BadCohort(self._unknown(item, domain), "concepts")
            found += ids
        return list(dict.fromkeys(found))

    def _by_id(self, concept: int, domain: str) -> int:
        if not self.entries:
            return concept  # a source without a table of concepts can still be asked by id
        entry = self.entries.get(concept)
        if entry is not None and entry.domain != domain:
            raise BadCohort(
                f"concept {concept} ({entry.name('en')}) is of the domain {entry.domain}, "
                f"not {domain}",
                "concepts",
            )
        if entry is None and not any(concept in below for below in self.descendants.values()):
            raise BadCohort(f"the source has no concept {concept}", "concepts")
        return concept

    def _unknown(self, name: str, domain: str) -> str:
        if not self.entries:
            return f"the source has no table of concepts to find {name!r} in: give concept ids"
        near = difflib.get_close_matches(plain(name), self.names(domain), n=3, cutoff=0.5)
        near += [
            other for other in self.names(domain) if plain(name) in other and other not in near
        ]
        hint = f"; the nearest are {', '.join(near[:3])}" if near else ""
        return f"the source has no {domain.lower()} called {name!r}{hint}"

    def below(self, concepts: Iterable[int]) -> list[int]:
        """The concepts and all their kinds."""
        found = {id for each in concepts for id in self.descendants.get(each, {each})}
        return sorted(found | set(concepts))


def analyte_of(entry: Entry) -> Analyte | None:
    """The reviewed analyte of a measurement, by its concept id or one of its names."""
    by_concept, by_name = _analyte_keys()
    if entry.concept in by_concept:
        return by_concept[entry.concept]
    return next((by_name[plain(name)] for name in entry.names if plain(name) in by_name), None)


@cache
def _analyte_keys() -> tuple[dict[int, Analyte], dict[str, Analyte]]:
    by_concept = {id: item for item in analytes().values() for id in item.concepts}
    by_name = {plain(name): item for item in analytes().values() for name in item.names}
    return by_concept, by_name


@cache
def terms() -> tuple[Term, ...]:
    """The reviewed wordings of diagnoses and drugs."""
    table = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
    return tuple(
        Term(item["domain"], tuple(item["says"]), tuple(item["means"])) for item in table["term"]
    )


def plain(text: str) -> str:
    """A name without what spellings differ in: width, case, spaces, brackets, hyphens.

    Example:
        >>> plain("ＮＳＣＬＣ"), plain("Non-small cell lung cancer")
        ('nsclc', 'nonsmallcelllungcancer')
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("α", "a").replace("β", "b")
    return re.sub(r"[\s\-‐–—_()\[\]{}（）·.,，/’'\"]+", "", folded)
