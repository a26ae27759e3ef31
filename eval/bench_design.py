"""Time the calculators: hard searches, boundaries, import, a cold command.

    python -m eval.bench_design [--out FILE] [--runs N] [--json]

Prints a table and writes it to ``docs/benchmarks/design.md``. Times are wall-clock on this machine;
the first call of a design is timed in a process that has loaded SciPy, since a second call of the
same design is no harder than a look in a table would be.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from eval.machine import describe

_REPO = Path(__file__).resolve().parents[1]
_OUT = _REPO / "docs" / "benchmarks" / "design.md"
_CLI = "from api.cli import main; main()"
# Names, methods, inputs and the seconds allowed; None: no target was set.
_CALLS: tuple[tuple[str, str, dict[str, Any], float | None], ...] = (
    ("Simon optimal, 0.1 against 0.3", "simon_two_stage", {"p0": 0.1, "p1": 0.3}, 2.0),
    (
        "Simon optimal, 0.3 against 0.45, power 0.9 (110 patients)",
        "simon_two_stage",
        {"p0": 0.3, "p1": 0.45, "power": 0.9},
        2.0,
    ),
    (
        "Simon minimax, 0.6 against 0.7, alpha 0.01, power 0.95",
        "simon_two_stage",
        {"p0": 0.6, "p1": 0.7, "alpha": 0.01, "power": 0.95, "criterion": "minimax"},
        2.0,
    ),
    (
        "Simon optimal, 0.8 against 0.88, alpha 0.025, power 0.9",
        "simon_two_stage",
        {"p0": 0.8, "p1": 0.88, "alpha": 0.025, "power": 0.9},
        2.0,
    ),
    ("5 looks, O'Brien-Fleming", "group_sequential", {"looks": 5}, 0.3),
    ("5 looks, Pocock, two-sided", "group_sequential",
     {"looks": 5, "sides": 2, "boundary": "pocock"}, 0.3),
    (
        "5 looks, Lan-DeMets with binding futility",
        "group_sequential",
        {"looks": 5, "boundary": "lan_demets_obf", "futility": "lan_demets_obf", "binding": True},
        0.3,
    ),
    (
        "5 looks, survival with calendar times",
        "group_sequential_survival",
        {"hr": 0.7, "looks": 5, "power": 0.9, "boundary": "lan_demets_obf", "median_control": 12}
        | {"accrual_rate": 20, "accrual_duration": 24},
        0.3,
    ),
    ("Fisher's exact test, 0.2 against 0.3", "two_proportions",
     {"p1": 0.2, "p2": 0.3, "power": 0.8, "test": "fisher"}, None),
    ("Exact one-arm search, 0.95 against 0.99", "single_stage_exact",
     {"p0": 0.95, "p1": 0.99, "alpha": 0.025}, None),
    ("Bioequivalence 2x2, CV 0.3", "be_tost", {"cv": 0.3, "power": 0.8}, None),
    ("Scaled bioequivalence, simulated", "be_scaled", {"cv_wr": 0.45, "power": 0.8}, None),
    (
        "Log-rank with an interim analysis and a delayed effect",
        "logrank",
        {"median_control": 12, "hr": [1, 0.6], "hr_times": [4], "accrual_duration": 18}
        | {"min_followup": 12, "power": 0.9, "interim": 0.7},
        None,
    ),
    ("Enrolment of 400 at 30 sites, when", "enrolment_time",
     {"target": 400, "sites": 30, "rate": 0.8, "start_to": 6}, None),
    ("BOIN, 5 doses, 5,000 trials", "dose_finding_characteristics",
     {"target": 0.3, "rates": [0.05, 0.12, 0.25, 0.4, 0.55]}, None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of one measurement and what is allowed."""

    what: str
    seconds: float
    target: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is within its target, if it has one."""
        return self.target is None or self.seconds <= self.target


def measure(runs: int = 3) -> list[Timed]:
    """All measurements: the median of ``runs`` processes each."""
    started = [
        Timed("`xinglin design two-proportions`, cold", _seconds(_two_proportions, runs), None),
        Timed("`import design` and the list of its methods, cold", _seconds(_imported, runs), None),
        Timed("`import api.cli`, cold (no calculator is loaded)", _seconds(_cli, runs), None),
    ]
    return started + [
        Timed(what, median(_first_call(method, inputs) for _ in range(runs)), target)
        for what, method, inputs, target in _CALLS
    ]


def _seconds(run: Callable[[], object], runs: int) -> float:
    run()  # files in the cache of the system, as on a machine in use
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return median(times)


def _two_proportions() -> None:
    options = ["--p1", "0.65", "--p2", "0.85", "--power", "0.8"]
    _python("-c", _CLI, "design", "two-proportions", *options)


def _imported() -> None:
    _python("-c", "import design; design.methods()")


def _cli() -> None:
    _python("-c", "import api.cli")


def _first_call(method: str, inputs: dict[str, Any]) -> float:
    """Seconds of the first call of a design in a process of its own, its imports apart."""
    code = (
        "import json, sys, time\nfrom design import calculate, methods\nmethods()\n"
        "name, given = sys.argv[1], json.loads(sys.argv[2])\nbegun = time.perf_counter()\n"
        "calculate(name, given)\nprint(time.perf_counter() - begun)"
    )
    return float(_python("-c", code, method, json.dumps(inputs)))


def _python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603
        command, cwd=_REPO, check=True, capture_output=True, text=True
    ).stdout


def page(found: Sequence[Timed]) -> str:
    """The table as a page of the documentation."""
    lines = [
        "# Calculators: time",
        "",
        f"By `make bench-design` on {describe()}. Seconds, the median of several processes; a",
        "design is timed at its first call, with the libraries loaded.",
        "",
        "| What | Seconds | Target |",
        "|---|---|---|",
    ]
    for each in found:
        target = "" if each.target is None else f"≤ {each.target:g}{'' if each.met else ', missed'}"
        lines.append(f"| {each.what} | {each.seconds:.3f} | {target} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write the page; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description="Time the calculators.")
    parser.add_argument("--out", type=Path, default=_OUT)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    found = measure(asked.runs)
    text = page(found)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(text, encoding="utf-8")
    print(json.dumps([asdict(each) for each in found], indent=1) if asked.json else text)
    return 0 if all(each.met for each in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
