"""Measuring answers: ask every question of a file, check every answer, report what holds.

The way of a question: :mod:`eval.questions_file` reads it, :mod:`eval.answers.run` asks it,
:mod:`eval.answers.recheck` looks its citations up anew, :mod:`eval.answers.score` says what it
counts for, :mod:`eval.answers.metrics` and :mod:`eval.answers.bootstrap` add that up,
:mod:`eval.answers.report` and :mod:`eval.answers.page` tell it, :mod:`eval.answers.gate` decides.

    python -m eval.answers QUESTIONS.jsonl... [--index DIR]

is ``xinglin eval answers``, which has all the options.
"""

from eval.answers.command import Measured, Options, measure, measure_versus
from eval.answers.compare import compare, read_report
from eval.answers.gate import check, read_thresholds
from eval.answers.report import make_report
from eval.answers.run import Asked, ask_all
from eval.answers.score import Scored, score

__all__ = [
    "Asked",
    "Measured",
    "Options",
    "Scored",
    "ask_all",
    "check",
    "compare",
    "make_report",
    "measure",
    "measure_versus",
    "read_report",
    "read_thresholds",
    "score",
]
