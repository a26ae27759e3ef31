"""The funnel as a text table, columns aligned for a fixed-width font."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from design.cohort.outcome import Funnel, Group, Step
from design.cohort.texts import heads, said, words


def table(found: Funnel, language: str = "zh") -> str:
    """Steps, then why criteria are not known, then sites and years, then what to mind."""
    word = words(language)
    both = found.options.missing == "both"
    head = heads(language)
    if both:
        head = [*head[:3], word["keep"], *head[3:]]
    blank = ["-"] * (len(head) - 3)
    rows = [
        head,
        ["", word["start"], _cell(found.persons, word), *blank],
        ["", word["base"], _cell(found.base, word), *blank],
        *(_step(step, word, language, both) for step in found.steps),
    ]
    parts = [getattr(found.sentence, language), _grid(rows)]
    why = [
        f"  {step.number}. "
        + ", ".join(
            f"{getattr(said('reasons', key), language)} {_cell(count, word)}"
            for key, count in step.reasons
        )
        for step in found.steps
        if step.reasons
    ]
    if why:
        parts.append("\n".join([f"{word['missing']}:", *why]))
    parts += [_groups(word["sites"], found.sites, word, both)]
    parts += [_groups(word["years"], found.years, word, both)]
    parts.append(getattr(found.index, language))
    told = [f"{word['warning']}: {getattr(text, language)}" for text in found.warnings]
    told += [f"{word['convention']}: {getattr(text, language)}" for text in found.conventions]
    return "\n\n".join(part for part in [*parts, "\n".join(told)] if part) + "\n"


def _step(step: Step, word: dict[str, str], language: str, both: bool) -> list[str]:
    name = getattr(step.name, language)
    if step.status == "not_evaluable":
        name += f" [{word['unusable']}]"
    elif step.status == "off":
        name += f" [{word['off']}]"
    on = step.status == "applied"
    judged = step.status != "not_evaluable"

    def cell(value: int | None, counted: bool = on) -> str:
        return _cell(value, word) if counted else "-"

    return [
        str(step.number),
        name,
        cell(step.remaining, True),
        *([cell(step.remaining_keep, True)] if both else []),
        cell(step.lost),
        cell(step.not_met),
        cell(step.unknown),
        cell(step.alone["cost"], judged),
        cell(step.gain),
        cell(step.records, judged),
    ]


def _groups(title: str, groups: Sequence[Group], word: dict[str, str], both: bool) -> str:
    if not groups or (len(groups) == 1 and groups[0].name is None):
        return ""
    rows = [[title, word["persons"], word["remaining"], *([word["keep"]] if both else [])]]
    for group in groups:
        cells = [_cell(group.persons, word), _cell(group.remaining, word)]
        cells += [_cell(group.remaining_keep, word)] if both else []
        rows.append([group.name or word["none"], *cells])
    return _grid(rows, first_is_text=True)


def _cell(count: int | None, word: dict[str, str]) -> str:
    return word["hidden"] if count is None else f"{count:,}"


def _grid(rows: Sequence[Sequence[str]], first_is_text: bool = False) -> str:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    text = {0} if first_is_text else {1}
    lines = []
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell))
            if place in text
            else " " * (width - _width(cell)) + cell
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
