"""``xinglin eval answers`` and ``xinglin eval compare``: measure answers, compare, decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    AsOfOption,
    IndexOption,
    JsonOption,
    iso_date,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from eval.answers import Measured, Options

OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write one JSON line a question to this file.")
]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", help="Write the report as one HTML page to this file.")
]


def answers(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="QUESTIONS.jsonl",
            help="Questions files, one JSON object a line.",
            show_default=False,
        ),
    ],
    index: IndexOption = None,
    out: OutOption = None,
    html: HtmlOption = None,
    as_of: AsOfOption = None,
    split: Annotated[
        str | None, typer.Option("--split", help="Only questions of this split: tune or held_out.")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option("--category", help="Only this category; may be repeated.")
    ] = None,
    ids: Annotated[
        list[str] | None, typer.Option("--ids", help="Only this question; may be repeated.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A setting for this run, such as answer.min_coverage=0.5; may be repeated.",
        ),
    ] = None,
    versus: Annotated[
        list[str] | None,
        typer.Option(
            "--versus",
            metavar="KEY=VALUE",
            help="Measure a second configuration with this setting too, and compare it with the "
            "first; may be repeated.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="RUN.json", help="Compare with an earlier --json."),
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 1 when a release threshold fails.")
    ] = False,
    thresholds: Annotated[
        Path | None,
        typer.Option("--thresholds", help="Thresholds of the gate instead of eval/gate.toml."),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge",
            metavar="MODEL",
            help="Have a language model judge key points and support too. The report says how far "
            "it agrees; it never decides the gate.",
        ),
    ] = None,
    judge_base_url: Annotated[
        str | None,
        typer.Option("--judge-base-url", metavar="URL", help="Its OpenAI-compatible endpoint."),
    ] = None,
    judge_api_key: Annotated[
        str | None,
        typer.Option("--judge-api-key", envvar="OPENAI_API_KEY", help="Key of that endpoint."),
    ] = None,
    price_in: Annotated[
        float, typer.Option("--price-in", min=0, help="Price of 1,000 tokens read by the LLM.")
    ] = 0.0,
    price_out: Annotated[
        float, typer.Option("--price-out", min=0, help="Price of 1,000 tokens it writes.")
    ] = 0.0,
    currency: Annotated[str, typer.Option("--currency", help="Of these prices.")] = "CNY",
    target_risk: Annotated[
        float,
        typer.Option(
            "--target-risk",
            min=0,
            max=1,
            help="Share of wrong answers that a threshold on the confidence is chosen for.",
        ),
    ] = 0.1,
    no_timings: Annotated[
        bool,
        typer.Option("--no-timings", help="Leave times out: the same run gives the same bytes."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Ask every question, check every answer against the index, and report what holds."""
    from eval.answers import Options, read_report, read_thresholds
    from eval.answers.command import write_rows, write_text
    from eval.answers.compare import compare
    from eval.answers.cost import Prices
    from eval.answers.gate import THRESHOLDS, check
    from eval.answers.selection import Selection
    from ingest.errors import BadInput

    if versus and baseline:
        raise BadInput("give either --versus or --baseline")
    # What cannot be read is said before minutes are spent on asking.
    bounds = read_thresholds(thresholds or THRESHOLDS) if gate or thresholds else None
    earlier = read_report(baseline) if baseline else None
    options = Options(
        files=tuple(files),
        index=index,
        selection=Selection(split, tuple(category or ()), tuple(ids or ()), limit),
        as_of=iso_date(as_of),
        settings=tuple(set_ or ()),
        prices=Prices(price_in, price_out, currency),
        timings=not no_timings,
        target_risk=target_risk,
    )
    measured = _measure(options, versus, quiet=json)
    report = measured.report
    if earlier:
        report["comparison"] = compare(report, earlier)
    if judge:
        report["judge"] = _judge(measured, judge, judge_base_url, judge_api_key, quiet=json)
    if bounds:
        report["gate"] = check(report["metrics"], bounds)
    if out:
        write_rows(report, out)
    if html:
        from eval.answers.page import page

        write_text(html, page(report))
    if json:
        print_json(report)
    else:
        _print(report)
    if gate and not report["gate"]["passed"]:
        for failure in report["gate"]["failures"]:
            typer.echo(f"gate: {failure}", err=True)
        raise typer.Exit(1)


def compare(
    ours: Annotated[Path, typer.Argument(metavar="A.json", help="The run in question.")],
    theirs: Annotated[Path, typer.Argument(metavar="B.json", help="The run it is held against.")],
    html: HtmlOption = None,
    json: JsonOption = False,
) -> None:
    """Compare two runs of `eval answers --json` on the questions that both asked."""
    from eval.answers.command import write_text
    from eval.answers.compare import compare as compare_reports
    from eval.answers.compare import read_report

    report = read_report(ours)
    report["comparison"] = compare_reports(report, read_report(theirs))
    if html:
        from eval.answers.page import page

        write_text(html, page(report))
    if json:
        print_json(report["comparison"])
    else:
        _print_comparison(report["comparison"])


def _measure(options: Options, versus: list[str] | None, quiet: bool) -> Measured:
    from eval.answers import measure, measure_versus

    if quiet:
        return measure_versus(options, versus) if versus else measure(options)
    with progress_bar("asking", "questions") as (update, _):

        def on_done(done: int, total: int) -> None:
            update(completed=done, total=total)

        return measure_versus(options, versus, on_done) if versus else measure(options, on_done)


def _judge(
    measured: Measured, model: str, base_url: str | None, api_key: str | None, quiet: bool
) -> dict[str, Any]:
    from eval.answers.judge import judge_all, make_judge

    judge = make_judge(model, base_url, api_key)
    if quiet:
        return judge_all(judge, measured.results, model)
    with progress_bar("judging", "answers") as (update, _):

        def on_judged(done: int, total: int) -> None:
            update(completed=done, total=total)

        return judge_all(judge, measured.results, model, on_judged)


def _print(report: dict[str, Any]) -> None:
    typer.echo(f"{'questions':<24} {report['questions']}")
    for name, value in report["metrics"].items():
        interval = report["intervals"][name]
        span = f"[{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
        cases = f"of {report['cases'][name]}" if interval else ""
        typer.echo(f"{name:<24} {'–' if value is None else value!s:<8} {span:<16} {cases}".rstrip())
    if report.get("latency_ms"):
        typer.echo(f"{'median_ms':<24} {report['latency_ms']['p50']}")
    for outcome, count in report["outcomes"].items():
        names = [row["id"] for row in report["per_question"] if row["outcome"] == outcome]
        listed = "" if outcome == "right" else f"  {', '.join(names)}"
        typer.echo(f"{outcome:<24} {count}{listed}")
    for note in report["notes"]:
        typer.echo(f"note: {note}")
    if report.get("comparison"):
        typer.echo("")
        _print_comparison(report["comparison"])
    if report.get("judge"):
        _print_judge(report["judge"])
    if "gate" in report:
        passed = report["gate"]["passed"]
        typer.echo(f"gate {'passed' if passed else 'failed'}")


def _print_comparison(comparison: dict[str, Any]) -> None:
    from eval.answers.compare import sentence

    typer.echo(sentence(comparison))
    for name, one in comparison["metrics"].items():
        if one["verdict"] == "same":
            continue
        low, high = one["interval"] or (one["difference"], one["difference"])
        typer.echo(
            f"{name:<24} {one['theirs']} → {one['ours']}  {one['difference']:+.4f} "
            f"[{low:+.3f}, {high:+.3f}]  {one['verdict']}"
        )
    for key in ("won", "lost", "changed"):
        if comparison[key]:
            typer.echo(f"{key}: {', '.join(move['id'] for move in comparison[key])}")


def _print_judge(judge: dict[str, Any]) -> None:
    for name in ("points", "statements"):
        one = judge[name]
        typer.echo(
            f"judge {judge['model']} on {name}: {one['judged']} judged, "
            f"agreement {_or_dash(one['agreement'])}, kappa {_or_dash(one['kappa'])}"
        )
    for name, reason in judge["failed"].items():
        typer.echo(f"judge gave no opinion on {name}: {reason}")


def _or_dash(value: float | None) -> str:
    return "–" if value is None else str(value)
