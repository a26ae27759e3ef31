"""The atlas: all figures with caption and explanation."""

from __future__ import annotations

import html

from eval.corpus.documents.imprint import IMPRINT
from eval.corpus.documents.page import page
from eval.corpus.figures.catalogue import Figure, drawing, figures

TITLE = "临床试验设计图册"
SUBJECT = "试验设计、决策与时限的图及说明，矢量图"
_GROUPS = (
    ("一、随机对照设计", range(1, 6)),
    ("二、早期试验", range(6, 9)),
    ("三、期中分析与样本量", range(9, 12)),
    ("四、主方案与适应性设计", range(12, 15)),
    ("五、估计目标与结果解读", (15, 16, 23, 24)),
    ("六、启动与审批流程", range(17, 22)),
    ("七、安全性报告", (22,)),
)
_STYLE = """
.entry { break-inside: avoid; margin-bottom: 7mm; }
.entry svg { width: 152mm; margin: 0 auto; }
"""


def figure_html(figure: Figure) -> str:
    """A figure with its caption."""
    return (
        f"<figure>{drawing(figure)}<figcaption>{html.escape(figure.caption)}</figcaption></figure>"
    )


def atlas() -> str:
    """All figures by topic."""
    known = {figure.number: figure for figure in figures()}
    parts = []
    for heading, numbers in _GROUPS:
        parts.append(f"<h2>{heading}</h2>")
        for number in numbers:
            figure = known[number]
            told = "".join(f"<p>{html.escape(s)}</p>" for s in figure.explanation)
            parts.append(f'<div class="entry">{figure_html(figure)}{told}</div>')
    return page(TITLE, parts, _STYLE, foot=IMPRINT)
