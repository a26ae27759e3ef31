"""The report of a verification: a line a row for people, Markdown for the file of the study."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from string import Template

from design.verification.verify import Checked, Verification

_MARKS = {"agree": "✓", "disagree": "✗", "refused": "–", "unsupported": "?"}
_NO_FAMILY = "none"  # of a row that no calculator is meant by


def table(found: Verification) -> str:
    """A line a row, and how many stand how."""
    lines = [_line(row) for row in found.rows]
    return "\n".join([*lines, "", _total(found)])


def environment() -> str:
    """What the numbers were calculated with, for the log of a run."""
    import platform

    import numpy
    import scipy

    return (
        f"Xinglin {_version()}, Python {platform.python_version()}, NumPy {numpy.__version__}, "
        f"SciPy {scipy.__version__}"
    )


def markdown(found: Verification, file: str = "FILE.csv") -> str:
    """A validation report that can be filed: scope, method, summary, every row with its source.

    Args:
        found: What was checked.
        file: The gold file, as it is named in the report.
    """
    template = Path(__file__).with_name("report.md").read_text(encoding="utf-8")
    families = _by_family(found)
    return Template(template).substitute(
        version=_version(),
        file=file,
        rows=len(found.rows),
        families=len(families.keys() - {_NO_FAMILY}),
        summary=_summary(families),
        total=_total(found) + ".",
        disagreements=_disagreements(found),
        tables="\n\n".join(_family_table(name, rows) for name, rows in families.items()),
        commands="\n".join(f"- {row.id}: `{row.call}`" for row in found.rows if row.call),
    )


def _by_family(found: Verification) -> dict[str, list[Checked]]:
    families: dict[str, list[Checked]] = defaultdict(list)
    for row in found.rows:
        families[row.family or _NO_FAMILY].append(row)
    return dict(sorted(families.items()))


def _summary(families: dict[str, list[Checked]]) -> str:
    lines = ["| Family | Rows | " + " | ".join(_MARKS) + " |", "|---" * (len(_MARKS) + 2) + "|"]
    for name, rows in families.items():
        counts = [sum(row.status == status for row in rows) for status in _MARKS]
        lines.append(f"| {name} | {len(rows)} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def _disagreements(found: Verification) -> str:
    rows = [f"- {_explained(row)}" for row in found.rows if row.status != "agree"]
    return "\n".join(rows) or "All rows agree."


def _family_table(family: str, rows: list[Checked]) -> str:
    lines = [f"### {family}", ""]
    lines += ["| Row | | Method | Output | Published | Ours | Tolerance | Source |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    return "\n".join([*lines, *(_cells(row) for row in rows)])


def _total(found: Verification) -> str:
    counts = ", ".join(f"{found.count(name)} {name}" for name in _MARKS)  # type: ignore[arg-type]
    left = sum(not row.explained for row in found.rows)
    return f"{len(found.rows)} rows: {counts}; {left} without an explanation"


def _line(row: Checked) -> str:
    got = row.got if row.got is not None else row.note
    ours = f"{row.method or '-'} {got}"
    return f"{_MARKS[row.status]} {row.id:8} {row.gold_method:40} {row.expected} | {ours}"


def _cells(row: Checked) -> str:
    source = f"{row.source} ({row.remark})" if row.remark else row.source
    cells = [
        row.id, _MARKS[row.status], row.method or row.gold_method, row.output,
        row.expected.replace(";", "; "), _short(row.got), f"{row.tolerance:g}", source,
    ]  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _short(got: str | None) -> str:
    """Numbers to six digits: the rest differs between versions of SciPy."""
    return "; ".join(_six_digits(part) for part in (got or "").split("; "))


def _six_digits(text: str) -> str:
    try:
        return text if text.isdigit() else f"{float(text):.6g}"
    except ValueError:
        return text


def _explained(row: Checked) -> str:
    reasons = [text.rstrip(".") for text in (row.note, row.remark) if text]
    said = ". ".join(reasons) or "not explained"
    numbers = f"published {row.expected}" + (f", ours {_short(row.got)}" if row.got else "")
    return f"{row.id} ({row.gold_method}, {numbers}), {row.status}: {said}."


def _version() -> str:
    try:
        return version("xinglin")
    except PackageNotFoundError:  # run from the source tree
        project = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
