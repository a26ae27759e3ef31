"""The report of a verification: a line a row for people, Markdown for the file of the study."""

from __future__ import annotations

from collections.abc import Callable

from design.verification.verify import Checked, Verification

_MARKS = {"agree": "✓", "disagree": "✗", "refused": "–", "unsupported": "?"}
_MEANING = {
    "agree": "within the tolerance of the row",
    "disagree": "outside it",
    "refused": "the calculator says why the inputs are no design",
    "unsupported": "no calculator is meant, or it has no such output",
}


def table(found: Verification) -> str:
    """A line a row, and how many stand how."""
    lines = [_line(row) for row in found.rows]
    return "\n".join([*lines, "", _summary(found)])


def markdown(found: Verification, title: str = "Verification of the calculators") -> str:
    """A report that can be filed: summary, then every row with its source and command."""
    lines = [f"# {title}", "", _summary(found), ""]
    lines += ["| Mark | Meaning |", "|---|---|"]
    lines += [f"| {_MARKS[name]} | {name}: {text} |" for name, text in _MEANING.items()]
    lines += ["", "| Row | | Method | Output | Published | Ours | Tolerance | Source |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    lines += [_cells(row) for row in found.rows]
    lines += _section("Not in agreement", found, lambda row: row.status != "agree", _explained)
    lines += _section(
        "Commands", found, lambda row: row.call is not None, lambda row: f"{row.id}: `{row.call}`"
    )
    return "\n".join(lines) + "\n"


def _section(
    head: str,
    found: Verification,
    wanted: Callable[[Checked], bool],
    said: Callable[[Checked], str],
) -> list[str]:
    rows = [f"- {said(row)}" for row in found.rows if wanted(row)]
    return ["", f"## {head}", "", *rows] if rows else []


def _summary(found: Verification) -> str:
    counts = ", ".join(f"{found.count(name)} {name}" for name in _MARKS)  # type: ignore[arg-type]
    return f"{len(found.rows)} rows: {counts}"


def _line(row: Checked) -> str:
    got = row.got if row.got is not None else row.note
    ours = f"{row.method or '-'} {got}"
    return f"{_MARKS[row.status]} {row.id:8} {row.gold_method:40} {row.expected} | {ours}"


def _cells(row: Checked) -> str:
    cells = [
        row.id, _MARKS[row.status], row.method or row.gold_method, row.output, row.expected,
        row.got or "", f"{row.tolerance:g}", row.source,
    ]  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _explained(row: Checked) -> str:
    return f"{row.id} ({row.gold_method}), {row.status}: {row.note or 'not explained'}"
