"""Whether a question that gives inputs wants a number computed of them, or is about them."""

from __future__ import annotations

import re
from dataclasses import fields

from assistant.inputs.model import ParsedInputs
from assistant.inputs.reader import patterns

# The sample size of a given trial is looked up, not computed.
IDENTIFIER = re.compile(
    r"NCT\d{8}|(?!BOIN|CRM|SIMON|ANOVA|FISHER|LOGRANK)\b[A-Z]{4,}(?:[-\d]\w*)*|[A-Z]{2,}-[A-Z0-9]\w*"
)
_TRIAL = re.compile(
    rf"NCT\d{{8}}|(?:{IDENTIFIER.pattern})\s*(?:试验|研究|方案|的|中|里|为|把|用|按|计划|假设|设定|设计|\b(?:trial|study|protocol|assumed?|used?|plan\w*)\b|'s\b)"
    rf"|\b(?:of|in|did|does|was|the)\s+(?:the\s+)?(?:{IDENTIFIER.pattern})"
)
_NO_VALUE = frozenset({"quantity", "design", "aim", "endpoint", "better", "prolongs", "measure"})
_NO_VALUE |= {"arms_named", "rate_unit", "sites_wanted", "sides", "be_design", "criterion", "level"}
_NO_VALUE |= {"elsewhere", "by_name", "unread", "unheeded"}
_ENOUGH = 3
_ENOUGH_OF_ITS_OWN = 2  # where the wording tells the quantity
_OWN = frozenset({"escalation", "enrolment", "conditional", "boundaries", "power", "events"})


def spelled_out(read: str, given: ParsedInputs) -> bool:
    """Whether a surfaced text gives several inputs and wants a number of them.

    Nobody gives a rate, an alpha and a power and asks how many without wanting them computed;
    a question why, or by which rule, is about them.
    """
    if _shows(read, "explains"):
        return False
    if given.quantity == "randomisation":
        return _shows(read, "hand_over")
    own = given.quantity in _OWN or given.tabulated or given.elsewhere is not None
    own = own or given.endpoint == "precision"
    least = _ENOUGH_OF_ITS_OWN if own else _ENOUGH
    return values_given(given) >= least and _shows(read, "number")


def about_method(read: str) -> bool:
    """Whether a surfaced text asks for a reason, a rule or a meaning."""
    return _shows(read, "explains")


def names_trial(text: str) -> bool:
    """Whether a text speaks of a trial by its name, not only of an endpoint (LDL-C, HAMD-17)."""
    return _TRIAL.search(text) is not None


def values_given(given: ParsedInputs) -> int:
    """How many inputs have a value."""
    names = (field.name for field in fields(given) if field.name not in _NO_VALUE)
    return sum(getattr(given, name) not in (None, (), False) for name in names)


def differing(one: ParsedInputs, other: ParsedInputs) -> frozenset[str]:
    """Names of the inputs whose values differ, the quantity and the sides among them."""
    kinds = _NO_VALUE - {"quantity", "aim", "sides", "be_design", "criterion", "level"}
    names = (field.name for field in fields(one) if field.name not in kinds)
    return frozenset(name for name in names if getattr(one, name) != getattr(other, name))


def _shows(read: str, key: str) -> bool:
    return any(pattern.search(read) for pattern in patterns("wanted", key))
