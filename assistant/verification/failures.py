"""What may be wrong with a statement: names for programs, sentences for people."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from retrieval.lexicon import HAS_CJK

Failure = Literal[
    "quote_not_found",
    "number_not_in_quote",
    "bound_changed",
    "number_of_another",
    "name_not_in_quote",
    "subject_changed",
    "negation_changed",
    "modality_changed",
    "direction_changed",
    "condition_dropped",
    "scope_widened",
    "comparison_not_in_quote",
    "content_not_in_quote",
    "not_entailed",
    "superseded_silently",
]
FAILURES: tuple[Failure, ...] = get_args(Failure)
_MESSAGES = Path(__file__).with_name("failures.toml")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its name and what the sentence about it is filled with."""

    failure: Failure
    said: str = ""
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement may be shown as verified, and if not, why not.

    Attributes:
        ok: Nothing is wrong.
        failures: Names of what is wrong, in the order of :data:`FAILURES`.
        details: For each failure a sentence that a reader, or a language model that is asked
            again, understands: 「引文是60个工作日，陈述是60日」.
    """

    ok: bool
    failures: tuple[Failure, ...] = ()
    details: tuple[str, ...] = field(default=(), compare=False)


def verdict(findings: Iterable[Finding], language: str) -> Verdict:
    """The verdict on what was found, with sentences in ``zh`` or ``en``."""
    by_name: dict[Failure, list[str]] = {}
    for finding in findings:
        sentences = by_name.setdefault(finding.failure, [])
        sentence = _sentence(finding, language)
        if sentence not in sentences:
            sentences.append(sentence)
    names = tuple(name for name in FAILURES if name in by_name)
    join = "；" if language == "zh" else "; "
    return Verdict(not names, names, tuple(join.join(by_name[name]) for name in names))


def language_of(text: str) -> str:
    """``zh`` for a text with Chinese characters, else ``en``."""
    return "zh" if HAS_CJK.search(text) else "en"


def _sentence(finding: Finding, language: str) -> str:
    forms = _messages()[finding.failure]
    both = forms.get(f"{language}_quoted") if finding.quoted else None
    return (both or forms[language]).format(said=finding.said, quoted=finding.quoted)


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads(_MESSAGES.read_text("utf-8"))
