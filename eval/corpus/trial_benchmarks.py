"""Benchmarks of registered trials: duration, enrolment, drop-out, why trials end early.

    python -m eval.corpus.trial_benchmarks FACTS.jsonl RECORDS.jsonl

reads facts of ClinicalTrials.gov records (one JSON a line: ``nct``, ``phase_bucket``,
``duration_days``, ``dropout_rate``, ``termination_reason``) and, for part of them, full records
(``nct``, ``condition``, ``brief_title``, ``enrollment``), and writes

- ``corpus/data/trial_benchmarks.csv``: medians and quartiles by phase, and by condition group and
  phase where at least 20 trials tell them;
- ``corpus/notes/operation/trial-benchmarks.md``: the same by phase, in sentences.

Quartiles are by linear interpolation (Hyndman and Fan's type 7). Durations of 0 and of more than 25
years are data entry errors and left out, as are drop-out rates outside 0 to 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "corpus" / "data" / "trial_benchmarks.csv"
NOTE = ROOT / "corpus" / "notes" / "operation" / "trial-benchmarks.md"
GROUPS = Path(__file__).with_name("condition_groups.toml")
COLUMNS = (
    "condition_group", "condition_group_en", "phase", "measure", "unit", "trials", "q1", "median",
    "q3", "source", "snapshot",
)  # fmt: skip
SOURCE = "ClinicalTrials.gov"
ALL = ("全部疾病", "all conditions")
_FEWEST = 20
_DAYS_A_MONTH = 30.4375
_LONGEST_DAYS = 25 * 365.25
_PHASES = {
    "Phase1": "I期", "Phase2": "II期", "Phase3": "III期", "Phase4": "IV期",
    "Phase 1": "I期", "Phase 2": "II期", "Phase 3": "III期", "Phase 4": "IV期",
}  # fmt: skip
_REASONS = {
    "poor enrollment": ("入组困难", "poor enrolment"),
    "efficacy": ("疗效不足", "lack of efficacy"),
    "safety": ("安全性问题", "safety"),
    "Others": ("其他原因", "other reasons"),
}
_MEASURES = {
    "duration": ("试验时长", "月"),
    "enrolment": ("入组人数", "人"),
    "dropout": ("未完成率（脱落，含死亡和进展）", "%"),
}
Key = tuple[str, str, str]
"""Condition group in Chinese and English, and phase."""


@dataclass(slots=True)
class Collected:
    """Values by group, phase and measure; reasons of early end by phase."""

    values: dict[tuple[Key, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    trials: Counter[str] = field(default_factory=Counter)
    newest: str = ""


def condition_groups(path: Path = GROUPS) -> list[tuple[str, str, re.Pattern[str]]]:
    """Chinese and English name and telling words of each group, in the order they are tried."""
    found = tomllib.loads(path.read_text("utf-8"))["group"]
    return [(g["zh"], g["en"], re.compile("|".join(g["words"]), re.I)) for g in found]


def group_of(
    text: str, groups: Iterable[tuple[str, str, re.Pattern[str]]]
) -> tuple[str, str] | None:
    """The group of a trial by its conditions and title."""
    return next(((zh, en) for zh, en, words in groups if words.search(text)), None)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SystemExit(f"{path}, line {number} is no JSON ({error})") from error


def collect(facts: Iterable[Mapping[str, Any]], records: Iterable[Mapping[str, Any]]) -> Collected:
    """Sort the numbers of all trials by group, phase and measure."""
    groups = condition_groups()
    found = Collected()
    known: dict[str, tuple[str, str] | None] = {}
    for record in records:
        text = f"{record.get('condition', '')} {record.get('brief_title', '')}"
        known[str(record["nct"])] = group_of(text, groups)
    for fact in facts:
        phase = _PHASES.get(str(fact.get("phase") or fact.get("phase_bucket")))
        found.newest = max(found.newest, str(fact.get("completion_date") or ""))
        found.trials[phase or "未注明分期"] += 1
        if phase is None:
            continue
        group = known.get(str(fact["nct"]))
        keys = [(*ALL, phase), *([(*group, phase)] if group else [])]
        for measure, value in _numbers(fact):
            for key in keys:
                found.values[key, measure].append(value)
        reason = fact.get("termination_reason")
        if reason in _REASONS:
            found.reasons[phase][str(reason)] += 1
    return found


def _numbers(fact: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    days, dropout, enrolled = (
        _number(fact.get(name)) for name in ("duration_days", "dropout_rate", "enrollment")
    )
    if days is not None and 0 < days <= _LONGEST_DAYS:
        yield "duration", days / _DAYS_A_MONTH
    if dropout is not None and 0 <= dropout <= 1:
        yield "dropout", 100 * dropout
    if enrolled is not None and enrolled > 0:
        yield "enrolment", enrolled


def _number(value: object) -> float | None:
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None


def quartiles(values: Iterable[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile (type 7)."""
    q1, median, q3 = np.quantile(np.fromiter(values, dtype=float), (0.25, 0.5, 0.75))
    return float(q1), float(median), float(q3)


def rows(found: Collected) -> Iterator[dict[str, str]]:
    """The rows of the table: all conditions first, then each group, phase by phase."""
    order = {name: n for n, name in enumerate([ALL[0], *(g[0] for g in condition_groups())])}
    measures = list(_MEASURES)
    keys = sorted(
        found.values, key=lambda k: (order[k[0][0]], list(_PHASES.values()).index(k[0][2]),
                                     measures.index(k[1]))
    )  # fmt: skip
    for key, measure in keys:
        values = found.values[key, measure]
        if len(values) < _FEWEST:
            continue
        name, unit = _MEASURES[measure]
        cells = [_shown(value, measure) for value in quartiles(values)]
        yield dict(
            zip(COLUMNS, (*key, name, unit, str(len(values)), *cells, SOURCE, found.newest),
                strict=True)
        )  # fmt: skip


def _shown(value: float, measure: str) -> str:
    return f"{value:.0f}" if measure == "enrolment" else f"{value:.1f}"


def note(found: Collected) -> str:
    """The note: by phase, in sentences that stand alone."""
    total = sum(found.trials.values())
    year, month, day = found.newest.split("-")
    snapshot = f"{year}年{int(month)}月{int(day)}日"
    # The records do not say when they were taken; the newest date in them is the latest it can be.
    basis = f"{SOURCE}登记数据，最晚完成日期{snapshot}，杏林统计"
    english = f"{SOURCE}, last completion date {found.newest}, computed by Xinglin"
    phases = ["I期", "II期", "III期", "IV期"]
    out = [
        "---",
        "title: 登记试验的时长、脱落率与提前终止基准",
        "title_en: Benchmarks of registered trials - duration, drop-out and early termination",
        "kind: registry",
        "issuer: 杏林编写组",
        "document_number: null",
        "issued: null",
        "effective_from: null",
        "effective_to: null",
        "superseded_by: null",
        "jurisdiction: international",
        "language: zh",
        f"source: ClinicalTrials.gov 登记数据（{total}项试验，最晚完成日期{found.newest}），"
        "由 eval/corpus/trial_benchmarks.py 统计",
        "verified: secondary",
        f"summary: 由{total}项登记试验统计的各期时长、脱落率中位数与四分位数，"
        "以及提前终止的原因构成。",
        "keywords: [试验要做多久, 试验周期, 脱落率, 失访率, 提前终止, 入组困难, 试验失败原因, "
        "trial duration, drop-out rate, early termination, benchmark, 基准]",
        "---",
        "# 登记试验的时长、脱落率与提前终止基准",
        "",
        "## 各期临床试验一般要做多久",
        *_by_phase(found, phases, "duration", "从开始到完成的时长", "个月", basis),
        "",
        "## 各期临床试验的脱落率一般是多少",
        *_by_phase(
            found, phases, "dropout", "的受试者未完成率（脱落率，含死亡和进展）", "%", basis
        ),
        "",
        "## 试验提前终止的原因有哪些、各占多少",
        *_reasons(found, phases, basis),
        "",
        "## 这些基准怎么用、有什么局限",
        f"本基准统计了{total}项登记试验，时长、脱落率和终止原因各只有一部分试验有记录，分母见每句的项数（{basis}）。",
        "登记试验的基准用于样本量的脱落放大和入组计划的初值，本机构的历史数据优先于登记平台的中位数。",
        "登记平台的脱落率来自公布了结果的试验，未公布结果的试验没有进入统计。",
        "登记平台把疾病进展和死亡也计为未完成试验，肿瘤试验的登记脱落率因此偏高，不宜直接用于样本量放大。",
        "登记平台的时长从开始日期算到完成日期，含入组和随访；以生存为终点的试验通常长于各期的中位数。",
        "按疾病分组的中位数和四分位数在语料的表格 trial_benchmarks.csv 中，"
        "引用前请核对 ClinicalTrials.gov 的最新数据。",
        "",
        "## In English",
        *_in_english(found, english),
    ]
    return "\n".join(out) + "\n"


def _by_phase(
    found: Collected, phases: list[str], measure: str, what: str, unit: str, basis: str
) -> list[str]:
    said = []
    for phase in phases:
        values = found.values[(*ALL, phase), measure]
        q1, median, q3 = (_shown(v, measure) for v in quartiles(values))
        said.append(
            f"{phase}临床试验{what}中位数为{median}{unit}，四分位数为{q1}{unit}至{q3}{unit}"
            f"（{len(values)}项试验；{basis}）。"
        )
    return said


def _reasons(found: Collected, phases: list[str], basis: str) -> list[str]:
    said = []
    for phase in phases:
        counts = found.reasons[phase]
        total = sum(counts.values())
        parts = "、".join(
            f"{_REASONS[reason][0]}占{100 * counts[reason] / total:.1f}%" for reason in _REASONS
        )
        said.append(f"有终止原因记录的{total}项{phase}临床试验中，{parts}（{basis}）。")
    return said


def _in_english(found: Collected, basis: str) -> list[str]:
    said = []
    for phase in ("II期", "III期"):
        months, rates = (found.values[(*ALL, phase), m] for m in ("duration", "dropout"))
        name = phase.removesuffix("期")
        a, b, c = (f"{v:.1f}" for v in quartiles(months))
        said.append(
            f"Phase {name} trials took a median of {b} months (quartiles {a} to {c}; "
            f"{len(months)} trials; {basis})."
        )
        a, b, c = (f"{v:.1f}" for v in quartiles(rates))
        said.append(
            f"The median drop-out rate of phase {name} trials was {b}% "
            f"(quartiles {a}% to {c}%; {len(rates)} trials; {basis})."
        )
    counts: Counter[str] = sum(found.reasons.values(), Counter())
    total = sum(counts.values())
    parts = ", ".join(
        f"{_REASONS[reason][1]} in {100 * counts[reason] / total:.1f}%" for reason in _REASONS
    )
    return [*said, f"Of {total} trials with a recorded reason, the cause was {parts} ({basis})."]


def main(arguments: list[str] | None = None) -> int:
    """Read the facts, write the table and the note."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.trial_benchmarks",
                                     description=__doc__)  # fmt: skip
    parser.add_argument("facts", type=Path)
    parser.add_argument("records", type=Path)
    options = parser.parse_args(arguments)
    found = collect(lines(options.facts), lines(options.records))
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        count = 0
        for row in rows(found):
            writer.writerow(row)
            count += 1
    NOTE.write_text(note(found), encoding="utf-8")
    print(f"{count} rows in {TABLE.name}, {sum(found.trials.values())} trials, {found.newest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
