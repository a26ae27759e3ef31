"""Two-column digests: several notes of an area, with the figure that goes with them."""

from __future__ import annotations

import html
from dataclasses import dataclass

from eval.corpus.documents.atlas import figure_html
from eval.corpus.documents.imprint import IMPRINT
from eval.corpus.documents.notes import body, note
from eval.corpus.documents.page import page
from eval.corpus.figures.catalogue import figures

_STYLE = """
html { font-size: 9pt; line-height: 1.55; }
@page { margin: 16mm 15mm 18mm; }
"""


@dataclass(frozen=True, slots=True)
class Digest:
    """Title, what it is about, its notes, and the figure shown in front of them."""

    title: str
    subject: str
    notes: tuple[str, ...]
    figure: str


DIGESTS = {
    "digest-regulation": Digest(
        "临床试验法规摘编", "药械、伦理、人类遗传资源与研究者发起的研究：时限和手续",
        (
            "regulation/drug-ind-implied-approval", "regulation/drug-ind-30-day-channel",
            "regulation/drug-safety-information-day0", "regulation/device-trial-filing",
            "regulation/device-trial-approval-class3", "regulation/device-sae-reporting",
            "ethics/ethics-review-timelines", "ethics/iit-management-measures",
            "ethics/hgr-decision-guide",
        ),
        "safety-reporting-timeline",
    ),
    "digest-method": Digest(
        "临床试验方法学摘编", "早期剂量探索、期中分析、样本量、非劣效、估计目标与缺失数据",
        (
            "method/dose-escalation-3-plus-3", "method/boin-design", "method/simon-two-stage",
            "method/group-sequential-boundaries", "method/sample-size-proportions",
            "method/noninferiority-margin", "method/estimand-attributes-and-strategies",
            "method/missing-data-sensitivity",
        ),
        "boin-boundaries-030",
    ),
    "digest-endpoint": Digest(
        "临床试验终点摘编", "肿瘤、心血管、代谢、神经与肾脏试验的常用终点",
        (
            "endpoint/primary-and-secondary-endpoints", "endpoint/recist-1-1-lesions",
            "endpoint/pfs-definition", "endpoint/overall-survival", "endpoint/mace-endpoint",
            "endpoint/heart-failure-endpoints", "endpoint/diabetes-endpoints",
            "endpoint/stroke-mrs-nihss", "endpoint/kidney-egfr-slope",
        ),
        "kaplan-meier-anatomy",
    ),
    "digest-operation": Digest(
        "临床试验实施摘编", "启动、选中心、知情同意、授权、监查、偏离与关中心",
        (
            "operation/startup-timeline-critical-path", "operation/site-selection",
            "operation/informed-consent-process", "operation/pi-delegation",
            "operation/recruitment-strategy", "operation/risk-based-monitoring",
            "operation/protocol-deviations", "operation/trial-budget", "operation/close-out",
        ),
        "startup-critical-path",
    ),
}  # fmt: skip


def digest(name: str) -> str:
    """A digest as HTML."""
    given = DIGESTS[name]
    shown = next(f for f in figures() if f.slug == given.figure)
    texts = [note(name) for name in given.notes]
    # The contents also keep names of authorities out of the opening, where an issuer is looked for.
    contents = "".join(f"<li>{html.escape(one.title)}</li>" for one in texts)
    articles = []
    for one in texts:
        sections = "".join(
            f"<h3>{html.escape(s.heading)}</h3>{body(s.lines)}" for s in one.sections
        )
        articles.append(
            f"<h2>{html.escape(one.title)}</h2>"
            f'<p class="meta">来源：{html.escape(one.source)}。{html.escape(one.checked)}。</p>'
            f"{sections}"
        )
    told = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in shown.explanation)
    return page(
        given.title,
        [f"<p>{given.subject}。本摘编收入下列笔记：</p><ul>{contents}</ul>",
         figure_html(shown), told, f'<div class="columns">{"".join(articles)}</div>'], _STYLE,
        foot=IMPRINT,
    )  # fmt: skip
