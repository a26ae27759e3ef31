"""The report as one HTML file for people: every figure, every question, answer and source.

Texts of documents are hostile: all are escaped (:mod:`api.reports.html`), nothing is fetched, and
the page's own policy lets no script or style run but the two that stand in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from api.reports.html import Html, element, join, style
from eval.answers.cards import OUTCOMES, card
from eval.answers.sections import summary

_HERE = Path(__file__).parent
_TITLE = "问答质量报告 Answer quality"


def page(report: Mapping[str, Any]) -> str:
    """The report as one page.

    Args:
        report: Of :func:`eval.answers.report.make_report`, perhaps with ``gate``, ``comparison``
            and ``judge``.
    """
    css = style() + (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    rows = report["per_question"]
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        policy=_policy(css, script),
        title=_TITLE,
        style=css,
        script=script,
        summary=join(summary(report)),
        outcomes=_options({row["outcome"]: OUTCOMES[row["outcome"]][0] for row in rows}),
        categories=_options({row["category"]: row["category"] for row in rows}),
        questions=join(card(row) for row in rows),
    )


def _policy(css: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _options(values: Mapping[str, str]) -> Html:
    return join(element("option", told, value=key) for key, told in sorted(values.items()) if key)
