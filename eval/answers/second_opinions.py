"""Parts of the HTML report that hold a run against another opinion: a judge's, or another run's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.reports.html import Html, bullets, element, table


def optional(value: float | None) -> str:
    """A figure, or nothing."""
    return "" if value is None else f"{value:.2f}"


def judged(judge: Mapping[str, Any]) -> Iterator[Html]:
    """What a language model says of the same answers, and where it disagrees."""
    yield element("h2", "模型评审 Language model as judge")
    told = f"{judge['model']} · {judge['questions']} 题 questions · 不影响门禁 not part of the gate"
    yield element("p", told, class_="soft")
    rows = [
        [
            name,
            one["judged"],
            *(optional(one[key]) for key in ("ours", "judge", "agreement", "kappa")),
        ]
        for name, one in (
            ("要点 points", judge["points"]),
            ("陈述 statements", judge["statements"]),
        )
    ]
    head = (
        "",
        "评 judged",
        "规则认可 rules say yes",
        "评审认可 judge says yes",
        "一致 agreement",
        "κ",
    )
    yield table(head, rows)
    disagreements = [
        [
            element("a", one["id"], href=f"#q-{one['id']}"),
            one.get("statement") or " | ".join(one.get("forms", [])),
            "✓" if one["ours"] else "✗",
            "✓" if one["judge"] else "✗",
        ]
        for one in judge["disagreements"]
    ]
    if disagreements:
        columns = ("题 question", "要点或陈述 point or statement", "规则 rules", "评审 judge")
        yield table(columns, disagreements, "分歧 Disagreements")
    yield bullets(f"{name}: {reason}" for name, reason in judge["failed"].items())


def compared(comparison: Mapping[str, Any]) -> Iterator[Html]:
    """Questions that came out otherwise than in another run."""
    yield element("h2", "对照 Comparison")
    counts = ", ".join(f"{len(comparison[key])} {key}" for key in ("won", "lost", "changed"))
    yield element("p", f"{comparison['shared']} 题共有 questions in both: {counts}")
    for key, caption in (
        ("won", "变好 Won"),
        ("lost", "变差 Lost"),
        ("changed", "其他变化 Changed"),
    ):
        rows = [
            [
                element("a", move["id"], href=f"#q-{move['id']}"),
                move["question"],
                f"{move['theirs']['outcome']} ({move['theirs']['score']:g})",
                f"{move['ours']['outcome']} ({move['ours']['score']:g})",
            ]
            for move in comparison[key]
        ]
        if rows:
            yield table(("题 question", "", "对照 other", "本次 this run"), rows, caption)
