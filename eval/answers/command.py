"""``xinglin eval answers``: from the options to a report."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from eval.answers.compare import compare
from eval.answers.cost import Prices
from eval.answers.report import make_report
from eval.answers.risk import TARGET_RISK
from eval.answers.run import ask_all, follows_conversations
from eval.answers.score import Scored, score
from eval.answers.selection import Selection, with_earlier_turns
from eval.answers.throwaway import with_documents
from eval.questions_file import EvalQuestion, read_all
from ingest.errors import BadInput
from retrieval.lexicon import load_lexicon

OnDone = Callable[[int, int], None]
_WARM_UP = "预热 warm-up"
_SECRET = re.compile("key|password|secret|base_url")


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure and how.

    Attributes:
        files: Questions files.
        index: Index folder; that of the settings when ``None``.
        selection: Which of the questions count.
        as_of: ISO day of questions that name none; today when ``None``.
        settings: ``KEY=VALUE`` pairs over the settings in force.
        prices: What tokens cost.
        timings: Report times.
        target_risk: See :func:`eval.answers.risk.risk_coverage`.
    """

    files: tuple[Path, ...]
    index: Path | None = None
    selection: Selection = field(default_factory=Selection)
    as_of: str | None = None
    settings: tuple[str, ...] = ()
    prices: Prices = field(default_factory=Prices)
    timings: bool = True
    target_risk: float = TARGET_RISK


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: its scored answers and its report."""

    results: tuple[Scored, ...]
    report: dict[str, Any]


def measure(options: Options, on_done: OnDone = lambda done, total: None) -> Measured:
    """Ask, score, report.

    Raises:
        BadInput: A questions file or one of its documents cannot be used; also
            :class:`retrieval.IndexUnusable` and others of :func:`api.cli.common.user_errors` when
            the index or the settings cannot.
    """
    from api.settings import load_settings
    from api.wiring import make_answerer

    everything = read_all(options.files)
    chosen = options.selection.of(everything)
    asked = with_earlier_turns(chosen, everything)
    settings = load_settings(index_dir=options.index, **overrides(options.settings))
    answerer = make_answerer(settings)
    answerer.searcher.analyse(_WARM_UP)
    wanted = {question.id: place for place, question in enumerate(chosen)}
    found = ask_all(answerer, asked, options.as_of, partial(with_documents, settings), on_done)
    lexicon = load_lexicon(settings.lexicon_path)
    results = [score(one, lexicon) for one in found if one.question.id in wanted]
    results.sort(key=lambda one: wanted[one.question.id])
    report = make_report(
        results,
        options.prices,
        timings=options.timings,
        target_risk=options.target_risk,
        run={"files": _files(options.files), "settings": list(map(_shown, options.settings))},
        notes=_notes(chosen, follows_conversations(answerer)),
    )
    return Measured(tuple(results), report)


def measure_versus(
    options: Options, versus: Sequence[str], on_done: OnDone = lambda done, total: None
) -> Measured:
    """Measure two configurations on the same questions; the report is that of the second.

    Args:
        options: The first configuration.
        versus: ``KEY=VALUE`` pairs over it that make the second.
        on_done: Told the progress of each.
    """
    first = measure(options, on_done)
    fields = {name: getattr(options, name) for name in Options.__slots__}
    second = measure(Options(**{**fields, "settings": (*options.settings, *versus)}), on_done)
    second.report["comparison"] = compare(second.report, first.report)
    return second


def overrides(pairs: Sequence[str]) -> dict[str, Any]:
    """``["answer.min_coverage=0.5"]`` as nested values for the settings.

    Values are read as TOML where they can be, else as text.

    Raises:
        BadInput: A pair without ``=``, or a section that is also given a value.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"--set {pair!r} is not like answer.min_coverage=0.5")
        *sections, key = name.strip().split(".")
        inner = values
        for section in sections:
            inner = inner.setdefault(section, {})
            if not isinstance(inner, dict):
                raise BadInput(f"--set {pair!r}: {section} was given a value already")
        inner[key] = _value(text.strip())
    return values


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _shown(pair: str) -> str:
    """A setting as the report tells it: keys and passwords stay out."""
    name, _, _ = pair.partition("=")
    return f"{name}=(hidden)" if _SECRET.search(name) else pair


def _files(files: Sequence[Path]) -> list[dict[str, str]]:
    return [
        {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in files
    ]


def _notes(questions: Sequence[EvalQuestion], follows: bool) -> list[str]:
    if follows or not any(question.turn > 1 for question in questions):
        return []
    return ["this answerer takes no conversation; follow-ups were asked by themselves"]


def write_rows(report: dict[str, Any], path: Path) -> None:
    """Write one JSON line a question."""
    lines = [json.dumps(row, ensure_ascii=False) for row in report["per_question"]]
    write_text(path, "\n".join(lines) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        BadInput: It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
