"""A rule in words, so that the user can confirm what was understood."""

from __future__ import annotations

from design.cohort.rules import Age, Measurement, Rule, Window
from design.cohort.texts import said
from design.cohort.vocabulary import CONDITION, DRUG, MEASUREMENT, Vocabulary
from design.wording import Text, shortest

_JOINS = {"all": Text("；且 ", " and "), "any": Text(" 或 ", " or ")}
_ULN = Text("×正常值上限", " × ULN")


def describe(rule: Rule, vocabulary: Vocabulary | None = None) -> Text:
    """The rule in Chinese and English; names as the source has them, if it is given."""
    for name in ("all", "any"):
        parts = getattr(rule, name)
        if parts:
            told = [describe(part, vocabulary) for part in parts]
            join = _JOINS[name]
            return Text(
                join.zh.join(_bracketed(part.zh, len(told)) for part in told),
                join.en.join(_bracketed(part.en, len(told)) for part in told),
            )
    if rule.not_ is not None:
        return said("rule", "not", rule=describe(rule.not_, vocabulary))
    if rule.age is not None:
        return said("rule", "age", bounds=_bounds(rule.age, ""))
    if rule.sex is not None:
        return said("rule", f"sex_{rule.sex}")
    if rule.measurement is not None:
        return _measurement(rule.measurement, vocabulary)
    if rule.category is not None:
        values = ", ".join(rule.category.values)
        return said("rule", "category", variable=rule.category.variable, values=values)
    if rule.observed is not None:
        return said("rule", "observed", days=rule.observed.days)
    if rule.washout is not None:
        names = _names(rule.washout.concepts, DRUG, vocabulary)
        return said("rule", "washout", concepts=names, days=rule.washout.days)
    coded = rule.coded
    assert coded is not None
    domain = DRUG if rule.drug else CONDITION
    names = _names(coded.concepts, domain, vocabulary)
    return said("rule", rule.kind, concepts=names, window=_window(coded.window))


def _measurement(rule: Measurement, vocabulary: Vocabulary | None) -> Text:
    concept = _names([rule.concept], MEASUREMENT, vocabulary)
    unit = rule.unit or ""
    if unit.startswith("{"):
        unit = ""
    bounds: Text | str = _bounds(rule, f" {unit}" if unit and unit != "%" else unit)
    if rule.times_uln:
        bounds = Text(f"{bounds}{_ULN.zh}", f"{bounds}{_ULN.en}")
    told = said("rule", "measurement", concept=concept, bounds=bounds, window=_window(rule.window))
    return told if rule.pick == "latest" else said("rule", f"pick_{rule.pick}", rule=told)


def _bounds(rule: Age | Measurement, unit: str) -> str:
    if rule.min is not None and rule.max is not None:
        if rule.min == rule.max:
            return f"= {shortest(rule.min)}{unit}"
        return f"{shortest(rule.min)}–{shortest(rule.max)}{unit}"
    signs = (("≥", rule.min), (">", rule.above), ("≤", rule.max), ("<", rule.below))
    return ", ".join(
        f"{sign} {shortest(value)}{unit}" for sign, value in signs if value is not None
    )


def _names(concepts: list[int | str], domain: str, vocabulary: Vocabulary | None) -> Text:
    zh, en = [], []
    for concept in concepts:
        entries = []
        if vocabulary is not None:
            ids = [concept] if isinstance(concept, int) else vocabulary.find(concept, domain)
            entries = [vocabulary.entries[id] for id in ids if id in vocabulary.entries]
        zh += [entry.name("zh") for entry in entries] or [str(concept)]
        en += [entry.name("en") for entry in entries] or [str(concept)]
    return Text("、".join(dict.fromkeys(zh)), " or ".join(dict.fromkeys(en)))


def _window(window: Window) -> Text:
    if window.before is None:
        return said("rule", "until", after=window.after) if window.after else Text("", "")
    if window.after:
        return said("rule", "around", before=window.before, after=window.after)
    if window.before == 0:
        return said("rule", "on")
    return said("rule", "within", before=window.before)


def _bracketed(text: str, count: int) -> str:
    return f"（{text}）" if count > 1 and (" 或 " in text or "；且" in text) else text
