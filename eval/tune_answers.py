"""Fit what decides which sentences answer and when to abstain, and say how well it does.

    python -m eval.tune_answers QUESTIONS.jsonl... --index DIR [--index DIR...] [--write]

Two linear models over measured evidence. **Sentences** (:mod:`assistant.scoring`): for each key
point, the sentences that hold it shall win a softmax over all sentences found (marginal
likelihood; ListNet, Cao et al. 2007, with the answer unknown among several). **Confidence**
(:mod:`assistant.confidence`): a logistic regression on whether the best sentences hold a key point;
questions that nothing answers, and questions whose answer this index does not hold, are the others.

Figures are cross-validated over questions, on all indexes together; lines with ``"split":
"held_out"`` are never fitted on and are reported apart. ``--write`` stores weights fitted on all
others. Weights stand for features as measured, not standardised.
"""

from __future__ import annotations

import argparse
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import confidence, scoring
from assistant.features import FEATURES, Asked
from assistant.scoring import Scored
from eval.commands import exit_status, need_scipy
from eval.questions_file import EvalQuestion, point_met, read_questions
from ingest.errors import BadInput

Array = npt.NDArray[np.float64]
_FOLDS = 5
_SHOWN = (3, 5, 8)
_NEAR = 5
_SENTENCE_PENALTY = 1.0
_CONFIDENCE_PENALTY = 0.5
_TABLE = re.compile(r"^(?:# Fitted[^\n]*\n)?\[weights\]\n(?:[^\[\n][^\n]*\n?)*", re.MULTILINE)
_NAMES = tuple(FEATURES)
_CONFIDENCE_NAMES = tuple(confidence.FEATURES)


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences found for one part of a question.

    Attributes:
        values: Features, shape ``(S, len(FEATURES))``.
        points: Which sentence holds which key point, shape ``(K, S)``.
        answers: Which sentence is of a kind that was asked for, shape ``(S,)``.
    """

    asked: Asked
    scored: Sequence[Scored]
    values: Array
    points: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.bool_]

    def best(self, weights: Array, count: int) -> list[int]:
        """Places of the best sentences, each text once."""
        order = np.argsort(-(self.values @ weights), kind="stable")
        seen: dict[str, int] = {}
        for place in order:
            seen.setdefault(self.scored[place].sentence.text, int(place))
            if len(seen) == count:
                break
        return list(seen.values())


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its parts on one index."""

    question: EvalQuestion
    parts: Sequence[Part]

    @property
    def fold(self) -> int:
        """The part of the cross-validation, the same on every index."""
        return zlib.crc32(self.question.id.encode()) % _FOLDS

    @property
    def points(self) -> int:
        """Number of key points."""
        return len(self.question.key_points)


def collect(files: Sequence[Path], index: Path) -> Iterator[Case]:
    """Evidence for every question that is to be answered or abstained from."""
    from api.settings import load_settings
    from api.wiring import make_answerer

    answerer = make_answerer(load_settings(index_dir=index))
    for path in files:
        for question in read_questions(path):
            if question.expect not in {"answer", "abstain"}:
                continue
            parts = [
                _part(question, asked, scored)
                for asked, scored in answerer.evidence(question.question, question.as_of)
                if scored
            ]
            if parts:
                yield Case(question, parts)


def _part(question: EvalQuestion, asked: Asked, scored: Sequence[Scored]) -> Part:
    texts = [s.sentence.text for s in scored]
    return Part(
        asked,
        scored,
        np.array([[s.features[name] for name in _NAMES] for s in scored]),
        np.array(
            [[point_met(forms, text) for text in texts] for forms in question.key_points], bool
        ).reshape(len(question.key_points), len(texts)),
        np.array([s.measured.wants_met for s in scored]),
    )


def fit_sentences(cases: Sequence[Case], penalty: float = _SENTENCE_PENALTY) -> Array:
    """Weights of the features of a sentence, shape ``(len(FEATURES),)``.

    Raises:
        BadInput: No sentence of any case holds a key point.
    """
    from scipy.optimize import minimize

    usable = [case for case in cases if any(part.points.any() for part in case.parts)]
    if not usable:
        raise BadInput("no key point stands in a sentence found; give more questions or indexes")
    scale = np.vstack([part.values for case in usable for part in case.parts]).std(axis=0) + 1e-9

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for case in usable:
            value, gradient = _case_loss(case, weights / scale)
            total += value
            slope = slope + gradient / scale
        return total, slope

    start = np.zeros(len(_NAMES))
    bounds = [scoring.SIGNS.get(name, (None, None)) for name in _NAMES]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(best.x / scale)


def _case_loss(case: Case, weights: Array) -> tuple[float, Array]:
    """Negative log-likelihood of a question's key points, and its gradient."""
    shares = [_softmax(part.values @ weights) for part in case.parts]
    total, slope = 0.0, np.zeros(len(_NAMES))
    for point in range(case.points):
        held = [share * part.points[point] for share, part in zip(shares, case.parts, strict=True)]
        mass = sum(float(h.sum()) for h in held) / len(held)
        if mass < 1e-9:
            continue
        total -= np.log(mass) / case.points
        for share, hold, part in zip(shares, held, case.parts, strict=True):
            pull = hold @ part.values - hold.sum() * (share @ part.values)
            slope -= pull / (len(held) * mass * case.points)
    return total, slope


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def shown_points(cases: Iterable[Case], weights: Callable[[Case], Array]) -> dict[int, float]:
    """Share of key points among the best sentences, by how many are shown a question."""
    met = dict.fromkeys(_SHOWN, 0)
    total = 0
    for case in cases:
        total += case.points
        for count in _SHOWN:
            each = max(2, count // len(case.parts)) if len(case.parts) > 1 else count
            held = np.zeros(case.points, bool)
            for part in case.parts:
                held |= part.points[:, part.best(weights(case), each)].any(axis=1)
            met[count] += int(held.sum())
    return {count: round(value / max(total, 1), 3) for count, value in met.items()}


@dataclass(frozen=True, slots=True)
class Example:
    """One part of a question as the confidence sees it."""

    values: Array
    answered: bool
    fold: int
    case: Case


def examples(cases: Iterable[Case], weights: Callable[[Case], Array]) -> Iterator[Example]:
    """Parts whose best sentences hold a key point, and parts of questions without an answer.

    A part of a question that another part answers is left out when it holds none itself: nobody
    said which key point belongs to which part.
    """
    for case in cases:
        own = weights(case)
        ranked = [_ranked(part, own) for part in case.parts]
        held = [_holds(part, own) for part in case.parts]
        for part, best, hold in zip(case.parts, ranked, held, strict=True):
            if not best or (any(held) and not hold):
                continue
            features = confidence.evidence_features(part.asked, best)
            values = np.array([features[name] for name in _CONFIDENCE_NAMES])
            yield Example(values, hold, case.fold, case)


def _ranked(part: Part, weights: Array) -> list[Scored]:
    scores = part.values @ weights
    order = [int(i) for i in np.argsort(-scores, kind="stable") if part.answers[i]]
    return [Scored(part.scored[i].measured, float(scores[i])) for i in order]


def _holds(part: Part, weights: Array) -> bool:
    return bool(part.points[:, part.best(weights, _NEAR)].any())


def fit_confidence(found: Sequence[Example], penalty: float = _CONFIDENCE_PENALTY) -> Array:
    """Weights of the logistic model, shape ``(len(confidence.FEATURES),)``."""
    from scipy.optimize import minimize

    values = np.stack([example.values for example in found])
    answered = np.array([example.answered for example in found], float)
    scale = np.maximum(values.std(axis=0), 1e-3)
    bias = _CONFIDENCE_NAMES.index("bias")
    scale[bias] = 1.0
    scaled = values / scale

    def loss(weights: Array) -> tuple[float, Array]:
        odds = scaled @ weights
        shrunk = np.where(np.arange(len(weights)) == bias, 0.0, weights)
        value = np.logaddexp(0, odds).sum() - answered @ odds + penalty * shrunk @ shrunk
        slope = scaled.T @ (1 / (1 + np.exp(-odds)) - answered) + 2 * penalty * shrunk
        return float(value), slope

    start = np.zeros(values.shape[1])
    bounds = [confidence.SIGNS.get(name, (None, None)) for name in _CONFIDENCE_NAMES]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(best.x / scale)


def sure(weights: Array, example: Example) -> float:
    """The confidence of an example."""
    return float(1 / (1 + np.exp(-(weights @ example.values))))


def area(scores: Sequence[float], answered: Sequence[bool]) -> float:
    """Area under the ROC curve: how often an answered part has more confidence than another."""
    good = np.array([s for s, a in zip(scores, answered, strict=True) if a])
    bad = np.array([s for s, a in zip(scores, answered, strict=True) if not a])
    if not len(good) or not len(bad):
        return float("nan")
    return float((good[:, None] > bad).mean() + 0.5 * (good[:, None] == bad).mean())


def curve(scores: Sequence[float], answered: Sequence[bool]) -> list[tuple[float, float, float]]:
    """Threshold, share of answerable parts answered, share of the others abstained from."""
    values, right = np.array(scores), np.array(answered)
    return [
        (t, float((values[right] >= t).mean()), float((values[~right] < t).mean()))
        for t in (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
    ]


def write_weights(path: Path, names: Sequence[str], weights: Array, note: str) -> None:
    """Replace the table ``[weights]`` of a file; what else stands in it stays.

    Raises:
        BadInput: The file has no such table.
    """
    text = path.read_text(encoding="utf-8")
    lines = "\n".join(f'"{n}" = {w:.4f}' for n, w in zip(names, weights, strict=True))
    table = f"# Fitted {note} by `python -m eval.tune_answers --write`.\n[weights]\n{lines}\n"
    replaced, tables = _TABLE.subn(lambda _: table, text, count=1)
    if not tables:
        raise BadInput(f"{path}: there is no table [weights] to replace; add one and try again")
    path.write_text(replaced, encoding="utf-8")


def _folded(fit: Callable[[list[Case]], Array], cases: Sequence[Case]) -> Callable[[Case], Array]:
    by_fold = [fit([c for c in cases if c.fold != fold]) for fold in range(_FOLDS)]
    return lambda case: by_fold[case.fold]


def tune(files: Sequence[Path], indexes: Sequence[Path], *, write: bool) -> None:
    """Collect, cross-validate, report, and perhaps store."""
    need_scipy()
    every = [case for index in indexes for case in collect(files, index)]
    cases = [case for case in every if case.question.split != "held_out"]
    kept = [case for case in every if case.question.split == "held_out"]
    answerable = [case for case in cases if case.question.expect == "answer"]
    current = np.array([scoring.sentence_weights().get(name, 0.0) for name in _NAMES])
    weights = fit_sentences(answerable)
    folded = _folded(fit_sentences, answerable)
    out = sys.stdout.write
    out(f"{len(answerable)} answerable cases; key points among the best {_SHOWN} sentences\n")
    out(f"  in force        {shown_points(answerable, lambda _: current)}\n")
    out(f"  cross-validated {shown_points(answerable, folded)}\n")
    held = [case for case in kept if case.question.expect == "answer"]
    if held:
        out(f"  held out, in force {shown_points(held, lambda _: current)}\n")
        out(f"  held out        {shown_points(held, lambda _: weights)}\n")
    for name, weight in sorted(zip(_NAMES, weights, strict=True), key=lambda p: -abs(p[1])):
        out(f"    {name:14}{weight:8.3f}\n")
    _tune_confidence(cases, kept, weights, folded, write=write)
    if write:
        note = datetime.now(UTC).date().isoformat()
        write_weights(scoring.WEIGHTS, _NAMES, weights, note)


def _tune_confidence(
    cases: Sequence[Case],
    kept: Sequence[Case],
    weights: Array,
    folded: Callable[[Case], Array],
    *,
    write: bool,
) -> None:
    found = list(examples(cases, folded))
    by_fold = [fit_confidence([e for e in found if e.fold != f]) for f in range(_FOLDS)]
    scores = [sure(by_fold[e.fold], e) for e in found]
    out = sys.stdout.write
    answered = [e.answered for e in found]
    out(f"confidence: {sum(answered)} parts answered, {len(found) - sum(answered)} not\n")
    out(f"  area under the ROC curve, cross-validated: {area(scores, answered):.3f}\n")
    _print_curve(scores, answered, [e.case.question.expect == "abstain" for e in found])
    final = fit_confidence(list(examples(cases, lambda _: weights)))
    apart = list(examples(kept, lambda _: weights))
    if apart:
        scores, answered = [sure(final, e) for e in apart], [e.answered for e in apart]
        out(f"  held out: {len(apart)} parts, area {area(scores, answered):.3f}\n")
        _print_curve(scores, answered, [e.case.question.expect == "abstain" for e in apart])
    for name, weight in sorted(
        zip(_CONFIDENCE_NAMES, final, strict=True), key=lambda p: -abs(p[1])
    ):
        out(f"    {name:14}{weight:8.3f}\n")
    if write:
        note = datetime.now(UTC).date().isoformat()
        write_weights(confidence.WEIGHTS, _CONFIDENCE_NAMES, final, note)


def _print_curve(
    scores: Sequence[float], answered: Sequence[bool], unanswerable: Sequence[bool]
) -> None:
    nothing = np.array(unanswerable)
    values = np.array(scores)
    for threshold, coverage, abstained in curve(scores, answered):
        asked = float((values[nothing] < threshold).mean()) if nothing.any() else float("nan")
        sys.stdout.write(
            f"  {threshold:.2f}  answered {coverage:.3f}  abstained {abstained:.3f}  "
            f"(of questions nothing answers {asked:.3f})\n"
        )


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fit sentence weights and confidence.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, action="append", required=True)
    parser.add_argument("--write", action="store_true", help="store the fitted weights")
    given = parser.parse_args(arguments)
    return exit_status(
        "eval.tune_answers", lambda: tune(given.files, given.index, write=given.write)
    )


if __name__ == "__main__":
    raise SystemExit(main())
