"""Groups, sizes and outcomes that ChiCTR writes into one field: ``label:value;label:value;``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.registry.fields import is_nothing, whole_number
from ingest.registry.record import Arm, Enrolment, Intervention, Outcome, Value

_SIZE = re.compile(r"(?s)\s*(.*?)\s*[:：]\s*(\d+)\s*")
_TIME_FRAME = re.compile(
    r"\s*[\[(（]\s*(?:time\s*(?:frame|window|point)s?|测量时间点?)\s*[:：]\s*([^\[\]]*?)\s*[\])）]\s*$",
    re.I,
)


def read_size(size: Value | None, actual: Value | None, *, by_group: bool) -> Enrolment | None:
    """The number of participants; an actual one is preferred to a target."""
    if actual is not None and whole_number(actual.text) is not None:
        return Enrolment(actual, whole_number(actual.text), "actual")
    if size is None:
        return None
    count = whole_number(size.text)
    groups = _sizes(size.text) if by_group else []
    if count is None and groups:
        count = sum(int(number) for _, number in groups)
    return Enrolment(size, count, "anticipated")


def read_groups(
    size: Value | None, interventions: Sequence[Value], *, by_group: bool
) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Arms with what each is given, and the interventions.

    A description may hold colons and semicolons itself, so it ends where the name of the next
    group begins. Where the names in the two fields differ, each field is read by itself.
    """
    sizes = _sizes(size.text) if by_group and size is not None else []
    found: list[Intervention] = []
    described: dict[str, str] = {}
    for value in interventions:
        if not by_group:
            parts = (part.strip() for part in re.split(r"[;；]?\n|;(?=\w+:)", value.text))
            found.extend(Intervention(p, value.path) for p in parts if not is_nothing(p))
            continue
        labelled = _by_label(value.text, [label for label, _ in sizes])
        described.update(labelled)
        if labelled:
            found.extend(Intervention(text, value.path) for text in labelled.values())
        else:
            found.extend(_loose(value))
    arms = tuple(
        Arm(label, size.path, size=number, description=described.get(label, ""))
        for label, number in sizes
        if size is not None
    )
    return arms, tuple(found)


def read_outcomes(values: Sequence[Value], *, by_semicolon: bool) -> tuple[Outcome, ...]:
    """Single outcomes, with the time frame that stands in brackets behind one."""
    outcomes = []
    for value in values:
        for part in re.split(r"[;；\n]" if by_semicolon else r"[;；]?\n", value.text):
            if is_nothing(part):
                continue
            match = _TIME_FRAME.search(part)
            measure = part[: match.start()] if match else part
            outcomes.append(Outcome(measure.strip(), value.path, match.group(1) if match else ""))
    return tuple(outcomes)


def _sizes(text: str) -> list[tuple[str, str]]:
    """``[(label, number)]``, empty unless every part is one."""
    parts = [part for part in re.split(r"[;；]", text) if not is_nothing(part)]
    matches = [_SIZE.fullmatch(part) for part in parts]
    return [(match.group(1), match.group(2)) for match in matches if match] if all(matches) else []


def _by_label(text: str, labels: Sequence[str]) -> dict[str, str]:
    """What stands behind each label, empty unless all are there in order."""
    if not labels:
        return {}
    starts: list[tuple[int, int]] = []
    position = 0
    for label in labels:
        match = re.compile(rf"(?:^|[;；])\s*{re.escape(label)}\s*[:：]").search(text, position)
        if match is None:
            return {}
        starts.append((match.start(), match.end()))
        position = match.end() - 1
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return {
        label: text[begin:end].strip(" ;；\n")
        for label, (_, begin), end in zip(labels, starts, ends, strict=True)
    }


def _loose(value: Value) -> list[Intervention]:
    """Parts with a label each (the reference and index test of a diagnostic study), or the text."""
    parts = [part for part in re.split(r"[;；]", value.text) if not is_nothing(part)]
    pairs = [re.split(r"[:：]", part, maxsplit=1) for part in parts]
    if all(len(pair) == 2 for pair in pairs):
        return [Intervention(text.strip(), value.path, label.strip()) for label, text in pairs]
    return [Intervention(value.text, value.path)]
