"""The summary of the HTML report: verdict, figures, tables, parity, risk and coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.reports.html import Html, bullets, element, join, table
from eval.answers.cards import EXPECTED, OUTCOMES, STATUSES
from eval.answers.charts import interval_bar, risk_coverage_plot
from eval.answers.metrics import METRICS, Metric
from eval.answers.second_opinions import compared, judged, optional

_VERDICTS = {"better": "good", "worse": "bad", "same": "soft", "unclear": "soft"}
Report = Mapping[str, Any]


def summary(report: Report) -> Iterator[Html]:
    """Everything above the questions."""
    run = report["run"]
    made = [
        f"{report['questions']} 题 questions",
        *(one["name"] for one in run.get("files", [])),
        f"as of {', '.join(run['as_of'])}",
        f"snapshot {', '.join(run['snapshots']) or '–'}",
        f"Xinglin {run['xinglin']}",
        *(run["llm"] or ["无语言模型 no language model"]),
        *run.get("settings", []),
    ]
    yield element("p", " · ".join(made), class_="soft")
    if "gate" in report:
        yield _verdict(report["gate"])
    yield bullets(element("span", note, class_="warn") for note in report["notes"])
    yield element("h2", "指标 Figures")
    yield _figures(report)
    yield _made_of(report)
    if report["parity"]:
        yield from _parity(report["parity"])
    if report["risk_coverage"]:
        yield from _risk(report["risk_coverage"])
    if report.get("judge"):
        yield from judged(report["judge"])
    if report.get("comparison"):
        yield from compared(report["comparison"])


def _verdict(gate: Mapping[str, Any]) -> Html:
    passed = gate["passed"]
    told = "门禁通过 Gate passed" if passed else "门禁未通过 Gate failed"
    return element(
        "div",
        element("p", element("strong", told)),
        *(element("p", failure) for failure in gate["failures"]),
        class_=f"verdict {'good' if passed else 'bad'}",
    )


def _figures(report: Report) -> Html:
    others = (report.get("comparison") or {}).get("metrics")
    head: list[object] = ["指标 figure", "值 value", "95 %", "", "例数 cases"]
    head += ["对照 other", "差 difference", ""] if others is not None else []
    rows = []
    for metric in METRICS:
        value = report["metrics"][metric.name]
        if value is None:
            continue
        rows.append(
            [
                join([metric.title, element("span", metric.meaning, class_="meaning")]),
                _number(value),
                _interval(report["intervals"][metric.name]),
                _bar(metric, value, report["intervals"][metric.name]),
                report["cases"][metric.name],
                *(_compared(others.get(metric.name)) if others is not None else []),
            ]
        )
    return join([table(head, rows), *_costs(report)])


def _costs(report: Report) -> Iterator[Html]:
    facts = []
    if report.get("latency_ms"):
        times = report["latency_ms"]
        facts.append(f"时间 time: median {times['p50']:g} ms, 95 % {times['p95']:g} ms")
    spent = report["cost"]
    if spent["input_tokens"] or spent["output_tokens"]:
        facts.append(
            f"{spent['input_tokens']} + {spent['output_tokens']} tokens, "
            f"{spent['total']:g} {spent['currency']}"
        )
    if facts:
        yield element("p", " · ".join(facts), class_="soft")


def _bar(metric: Metric, value: float, interval: Sequence[float] | None) -> object:
    return interval_bar(value, interval) if metric.kind == "share" else ""


def _compared(difference: Mapping[str, Any] | None) -> list[object]:
    if difference is None:
        return ["–", "–", ""]
    told = element("span", difference["verdict"], class_=_VERDICTS[difference["verdict"]])
    change = f"{difference['difference']:+.3f}\N{NO-BREAK SPACE}{_interval(difference['interval'])}"
    return [_number(difference["theirs"]), change, told]


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _interval(interval: Sequence[float] | None) -> str:
    """An interval that is not broken over two lines."""
    return f"[{interval[0]:.3f},\N{NO-BREAK SPACE}{interval[1]:.3f}]" if interval else ""


def _made_of(report: Report) -> Html:
    confusion = [
        [EXPECTED[expect], *(count or "·" for count in row.values())]
        for expect, row in report["confusion"].items()
        if any(row.values())
    ]
    categories = [
        [
            name,
            row["questions"],
            row["right"],
            *(optional(row[key]) for key in ("status_accuracy", "key_point_recall")),
        ]
        for name, row in report["by_category"].items()
    ]
    heads = ("类别 category", "题 questions", "正确 right", "状态 status", "要点 points")
    return element(
        "div",
        table(["应 → 实 expected → status", *STATUSES.values()], confusion, "状态 Status"),
        table(
            ["结果 outcome", "题 questions"],
            [[OUTCOMES[name][0], count] for name, count in report["outcomes"].items()],
            "结果 Outcomes",
        ),
        table(heads, categories, "类别 Categories"),
        class_="columns",
    )


def _parity(parity: Mapping[str, Any]) -> Iterator[Html]:
    yield element("h2", "中英一致 Chinese and English")
    facts = [f"{parity['pairs']} 对 pairs", f"状态相同 same status {parity['same_status']:.3f}"]
    recall = parity["key_point_recall"]
    if recall:
        facts.append(
            f"要点召回 key point recall zh {recall['zh']:.3f}, en {recall['en']:.3f}, "
            f"差 difference {parity['difference']:+.3f} {_interval(parity['interval'])}"
        )
    yield element("p", " · ".join(facts))
    rows = [
        [
            one["pair"],
            *(f"{one[lang][0]}: {one[lang][1]}, {one[lang][2]:g}" for lang in ("zh", "en")),
        ]
        for one in parity["disagree"]
    ]
    if rows:
        yield table(["对 pair", "zh", "en"], rows, "不一致 Pairs that disagree")


def _risk(curve: Mapping[str, Any]) -> Iterator[Html]:
    yield element("h2", "风险与覆盖 Risk and coverage")
    yield risk_coverage_plot(curve)
    chosen = curve["chosen"]
    facts = [
        f"AURC {curve['aurc']:.3f} "
        f"(best {curve['aurc_best']:.3f}, chance {curve['aurc_chance']:.3f})",
        f"{curve['answered']} / {curve['questions']} 已回答 answered, {curve['wrong']} 错 wrong",
    ]
    if curve["separation"] is not None:
        facts.append(f"可答与不可答之分 separation (AUROC) {curve['separation']:.3f}")
    facts.append(
        f"风险不超过 risk at most {curve['target_risk']:g}: "
        + (
            f"threshold {chosen['threshold']:.3f}, coverage {chosen['coverage']:.3f}, "
            f"risk {chosen['risk']:.3f}"
            if chosen
            else "没有这样的阈值 no threshold gives it"
        )
    )
    yield bullets(facts)
