"""One clause made a rule: alternatives, negations, windows, washouts.

A clause with words that are not understood is not read at all: half of it would mean another thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from design.cohort.reading.atoms import Reader, Token
from design.cohort.reading.lexicon import lexicon
from design.cohort.texts import said
from design.cohort.units import conversion, unit_of
from design.wording import Text

ATOMS = {"age", "sex", "diagnosis", "drug", "measurement"}
CODED = {"diagnosis", "drug"}
_CELLS, _COUNTED = "10*9/L", 1000
JOINS = {"or", "and", "with", "list", "comma"}


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Words that were not made a rule, and why."""

    text: str
    reason: Text
    excluded: bool = False

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"text": self.text, "reason": self.reason.to_json(), "excluded": self.excluded}


@dataclass(slots=True)
class Read:
    """What an item gave: rules as a criteria file holds them, what was not read, questions."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    questions: list[Text] = field(default_factory=list)


class NotRead(Exception):
    """A clause that cannot be made a rule."""

    def __init__(self, reason: Text) -> None:
        super().__init__()
        self.reason = reason


def leftover(text: str, tokens: list[Token], low: int, high: int) -> str:
    """What of a stretch is neither a token nor an empty word."""
    rest = list(text[low:high])
    for token in tokens:
        for place in range(max(token.start, low), min(token.end, high)):
            rest[place - low] = " "
    plain = lexicon().filler.sub(" ", "".join(rest))
    kept = "".join(char if char.isalnum() or char in "<>≤≥=%+" else " " for char in plain)
    return " ".join(kept.split())


class Clause:
    """One clause with its tokens."""

    def __init__(
        self,
        reader: Reader,
        text: str,
        tokens: list[Token],
        stretch: tuple[int, int],
        excluded: bool,
        found: Read,
    ) -> None:
        self.reader, self.text, self.tokens = reader, text, tokens
        self.stretch, self.excluded, self.found = stretch, excluded, found
        self.atoms = [token for token in tokens if token.kind in ATOMS]
        self.now = False

    def rules(self) -> list[dict[str, Any]]:
        """The rules of the clause. Raises :class:`NotRead` when it is not understood."""
        self._check()
        windows = [token for token in self.tokens if token.kind == "window"]
        if len(windows) > 1:
            raise NotRead(said("unparsed", "two_windows"))
        before = windows[0].value if windows else None
        self._currently(bool(windows))
        if any(token.kind == "washout" for token in self.tokens):
            return [self._washout()]
        unlimited = [t for t in self.atoms if t.kind == "sex" and t.value is None]
        atoms = [token for token in self.atoms if token not in unlimited]
        if unlimited:
            self.found.questions.append(said("questions", "no_limit", text=self._words()))
        if not atoms:
            return []
        if before is not None and sum(token.kind in CODED for token in atoms) > 1:
            self.found.questions.append(said("questions", "window_shared", text=self._words()))
        return self._joined(self._made(atoms, before))

    def _currently(self, windowed: bool) -> None:
        """What is taken now is taken on the index date; what one has now is asked about."""
        kinds = {token.kind for token in self.tokens}
        if "current" not in kinds or "or_past" in kinds:
            self.now = False
            return
        if windowed and sum(token.kind == "drug" for token in self.atoms) > 1:
            raise NotRead(said("unparsed", "two_windows"))  # 正在服用A或近3个月内使用B
        self.now = not windowed
        if "diagnosis" in kinds:
            self.found.questions.append(said("questions", "current", text=self._words()))

    def _made(self, atoms: list[Token], before: int | None) -> list[tuple[Token, dict[str, Any]]]:
        """The conditions of the clause.

        One that cannot be made a rule is listed alone where the others stand without it: an
        inclusion asks for all of them, an exclusion for any.
        """
        joins = {token.kind for token in self.tokens if token.kind in JOINS}
        apart = {"or", "list"} if self.excluded else {"and", "with"}
        separable = bool(joins) and joins <= apart and len(atoms) > 1
        separable = separable and all(token.kind != "not" for token in self.tokens)
        made, lacking = [], []
        for token in atoms:
            try:
                made.append((token, self._atom(token, before)))
            except NotRead as error:
                if not separable:
                    raise
                words = self.text[token.start : token.end].strip()
                lacking.append((Unparsed(words, error.reason, self.excluded), error))
        if not made:
            raise lacking[0][1]
        self.found.unparsed += [each for each, _ in lacking]
        return made

    def _check(self) -> None:
        low, high = self.stretch
        rest = leftover(self.text, self.tokens, low, high)
        for token in self.tokens:
            if token.kind == "qualifier":
                if self.excluded:
                    raise NotRead(said("unparsed", "qualifier"))
                words = self.text[token.start : token.end].strip()
                reason = said("unparsed", "qualifier_left_out")
                self.found.unparsed.append(Unparsed(words, reason, self.excluded))
        et_cetera = lexicon().et_cetera
        if not self.atoms:
            near = self._near(rest)
            raise NotRead(said("unparsed", "near", near=near) if near else said("unparsed", "none"))
        if rest:
            if et_cetera.fullmatch(rest):
                self.found.questions.append(said("questions", "et_cetera", text=self._words()))
            else:
                raise NotRead(said("unparsed", "words", words=self._rest_words(rest)))
        elif self.text[low:high].rstrip(" ,").endswith("等"):
            self.found.questions.append(said("questions", "et_cetera", text=self._words()))
        if any(t.bare for t in self.atoms) and any(
            t.kind not in {"age", "sex"} for t in self.atoms
        ):
            raise NotRead(said("unparsed", "words", words=self._years()))
        self._unmixed()
        for first, second in zip(self.atoms, self.atoms[1:], strict=False):
            between = [t for t in self.tokens if first.end <= t.start < second.start]
            joined = any(token.kind in JOINS for token in between)
            if first.kind == "sex" and second.kind == "measurement" and not joined:
                raise NotRead(said("unparsed", "conditional"))

    def _years(self) -> str:
        token = next(token for token in self.atoms if token.bare)
        return self.text[token.start : token.end].strip()

    def _unmixed(self) -> None:
        """*Or* and *and* of one clause must not leave open which comes first."""
        joins = [
            (self._join_between(first, second), first, second)
            for first, second in zip(self.atoms, self.atoms[1:], strict=False)
        ]
        kinds = {join for join, _, _ in joins}
        if "or" in kinds and kinds & {"and", "with"}:
            for join, first, second in joins:
                if (first.kind == second.kind) != (join == "or"):
                    raise NotRead(said("unparsed", "mixed"))
        if not self.excluded or self._together():
            return
        for join, first, second in joins:
            same = first.kind == second.kind and (first.kind in CODED or first.shared)
            if join in {"and", "with"} and (same or first.kind == second.kind == "age"):
                raise NotRead(said("unparsed", "and_or"))

    def _together(self) -> bool:
        low, high = self.stretch
        return lexicon().together.search(self.text[low:high]) is not None

    def _words(self) -> str:
        return self.text[self.stretch[0] : self.stretch[1]].strip(" ,")

    def _rest_words(self, rest: str) -> str:
        return rest if len(rest) <= 40 else rest[:40] + "…"

    def _near(self, rest: str) -> str:
        """Names of the source that hold these words."""
        if len(rest) < 2:
            return ""
        wanted = rest.lower()
        hits = [
            entry.name("zh")
            for entry in self.reader.vocabulary.entries.values()
            if any(wanted in name.lower() for name in entry.names)
        ]
        return "、".join(hits[:5])

    def _no_concept(self, words: str) -> Text:
        near = self._near(words)
        key = "no_concept_near" if near else "no_concept"
        return said("unparsed", key, name=words, near=near)

    def _atom(self, token: Token, before: int | None) -> dict[str, Any]:
        if token.kind == "age":
            if not token.value.possible():
                words = self.text[token.start : token.end].strip()
                raise NotRead(said("unparsed", "words", words=words))
            return {"age": token.value.given()}
        if token.kind == "sex":
            return {"sex": token.value}
        named = token.value.start if token.value is not None else token.end
        words = self.text[token.start : max(named, token.start + 1)].strip() or self._words()
        if token.kind == "measurement":
            return self._measurement(token, words, before)
        if not token.concepts:
            raise NotRead(self._no_concept(words))
        coded: dict[str, Any] = {"concepts": self._names(token)}
        if before is None and self.now and token.kind == "drug":
            before = 0
        if before is not None:
            coded["window"] = {"before": before}
        return {token.kind: coded}

    def _names(self, token: Token) -> list[int | str]:
        """Concepts by a name of theirs, where it names them alone; else by id."""
        vocabulary = self.reader.vocabulary
        domain = {"diagnosis": "Condition", "drug": "Drug", "measurement": "Measurement"}[
            token.kind
        ]
        names: list[int | str] = []
        for id in token.concepts:
            name = vocabulary.entries[id].name("zh") if id in vocabulary.entries else str(id)
            names.append(name if vocabulary.find(name, domain) == [id] else id)
        return names

    def _measurement(self, token: Token, words: str, before: int | None) -> dict[str, Any]:
        bound = token.value
        if bound is None:
            raise NotRead(said("unparsed", "no_bound", name=words))
        if not token.concepts:
            raise NotRead(self._no_concept(words))
        vocabulary = self.reader.vocabulary
        concept = token.concepts[0]
        if len(token.concepts) > 1:
            names = "、".join(vocabulary.entries[id].name("zh") for id in token.concepts[:5])
            self.found.questions.append(said("questions", "which", name=words, names=names))
        analyte = vocabulary.analyte(concept)
        usual = vocabulary.units.get(concept) or (analyte.unit if analyte else "")
        if bound.times_uln and vocabulary.has_uln is not None and concept not in vocabulary.has_uln:
            raise NotRead(said("unparsed", "no_uln", name=words))
        rule: dict[str, Any] = {
            "concept": self._names(Token("measurement", 0, 0, concepts=[concept]))[0],
            **bound.given(),
        }
        if bound.times_uln:
            rule["times_uln"] = True
        elif bound.unit:
            rule["unit"] = bound.unit
            self._convertible(bound.unit, usual, concept, words)
        elif usual == _CELLS and any(value >= _COUNTED for value in bound.given().values()):
            # 50,000 platelets are per microlitre, but nobody wrote so.
            raise NotRead(said("unparsed", "no_unit", name=words, usual=usual))
        elif unit_of(usual) != "{score}":
            rule["unit"] = usual or None
            shown = usual or "?"
            self.found.questions.append(said("questions", "unit", name=words, unit=shown))
        if rule.get("unit") is None:
            rule.pop("unit", None)
        if before is not None:
            rule["window"] = {"before": before}
        if lexicon().ever.search(self.text[self.stretch[0] : token.start]):
            rule["pick"] = "any"
        return {"measurement": rule}

    def _convertible(self, unit: str, usual: str, concept: int, words: str) -> None:
        analyte = self.reader.vocabulary.analyte(concept)
        source, target = unit_of(unit), unit_of(usual)
        if source is None or target is None or conversion(analyte, source, target) is None:
            raise NotRead(said("unparsed", "unit", name=words, unit=unit, usual=usual))

    def _washout(self) -> dict[str, Any]:
        """``停用 X 至少 4 周``: not exposed in the days before."""
        durations = [token for token in self.tokens if token.kind in {"duration", "window"}]
        drugs = [token for token in self.atoms if token.kind == "drug"]
        if len(durations) != 1 or not drugs or len(drugs) != len(self.atoms):
            raise NotRead(said("unparsed", "washout"))
        for token in drugs:
            if not token.concepts:
                words = self.text[token.start : token.end].strip()
                raise NotRead(said("unparsed", "no_concept", name=words))
        concepts = [name for token in drugs for name in self._names(token)]
        rule = {"washout": {"concepts": concepts, "days": durations[0].value}}
        negated = any(token.kind == "not" for token in self.tokens)
        return {"not": rule} if durations[0].less != negated else rule

    def _joined(self, made: list[tuple[Token, dict[str, Any]]]) -> list[dict[str, Any]]:
        """Join the atoms of the clause: first alternatives, then what must hold together."""
        groups: list[list[dict[str, Any]]] = [[]]  # all of any of
        negation = [token for token in self.tokens if token.kind == "not"]
        if len(negation) > 1:
            raise NotRead(said("unparsed", "negations"))
        inside: list[dict[str, Any]] = []  # under the negation
        previous: Token | None = None
        together = False
        for token, rule in made:
            join = self._join_between(previous, token)
            alternative = join == "or" or (join == "list" and self._lists(previous, token))
            beside = join is None and previous is not None and previous.kind == token.kind
            previous = token
            if negation and token.start >= negation[0].end - 1 and token.start >= negation[0].start:
                inside.append(rule)
                continue
            if alternative:
                groups[-1].append(rule)
            elif groups[-1]:
                together = together or beside or join in {"with", "and"}
                groups.append([rule])
            else:
                groups[-1].append(rule)
        if together and self.excluded:
            self.found.questions.append(said("questions", "together", text=self._words()))
        if any(len(group) > 1 for group in groups) and self._has("list") and not self._has("or"):
            self.found.questions.append(said("questions", "any_of", text=self._words()))
        rules = [_any(group) for group in groups if group]
        if inside:
            rules.append({"not": _any(inside)})
        if not self.excluded:
            return rules
        alternatives = groups[0] if len(rules) == 1 and not inside else None
        if alternatives is not None:
            return [_any(alternatives)]
        return [{"all": rules} if len(rules) > 1 else rules[0]]

    def _lists(self, first: Token | None, second: Token) -> bool:
        """Whether an enumeration comma lists alternatives.

        「心衰、房颤」 are; 「18岁以上、2型糖尿病、HbA1c≥7%」 of an inclusion must hold together.
        """
        if self.excluded or self._has("or") or first is None:
            return True
        return first.kind == second.kind and first.kind in CODED

    def _has(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)

    def _join_between(self, first: Token | None, second: Token) -> str | None:
        if first is None:
            return None
        kinds = [t.kind for t in self.tokens if first.end <= t.start < second.start]
        return next((kind for kind in ("or", "list", "and", "with") if kind in kinds), None)


def _any(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return rules[0] if len(rules) == 1 else {"any": rules}
