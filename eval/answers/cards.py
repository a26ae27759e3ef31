"""One question in the HTML report: what was asked, shown, cited, met and missed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.common import place
from api.reports.html import Html, bullets, element, join
from eval.answers.metrics import Row

OUTCOMES = {
    "right": ("正确 right", "good"),
    "partial": ("要点不全 partial", "warn"),
    "wrong": ("错误 wrong", "bad"),
    "false_abstention": ("误弃答 false abstention", "bad"),
    "false_answer": ("误答 false answer", "bad"),
    "other_status": ("状态不符 other status", "warn"),
}
STATUSES = {
    "answered": "已回答 answered",
    "insufficient_evidence": "弃答 insufficient evidence",
    "needs_clarification": "反问 needs clarification",
    "refused": "拒答 refused",
}
EXPECTED = {
    "answer": "应回答 to answer",
    "abstain": "应弃答 to abstain",
    "ask_back": "应反问 to ask back",
    "refuse": "应拒答 to refuse",
}


def card(row: Row) -> Html:
    """A question with its answer, folded until it is opened."""
    told, mark = OUTCOMES[row["outcome"]]
    summary = element(
        "summary",
        element("span", told, class_=f"tag {mark}"),
        element("span", f" {row['id']} ", class_="soft"),
        row["question"],
    )
    return element(
        "details",
        summary,
        element("div", *_body(row), class_="body"),
        class_="question",
        id=f"q-{row['id']}",
        data_outcome=row["outcome"],
        data_category=row["category"],
    )


def _body(row: Row) -> Iterator[object]:
    yield element("p", _facts(row), class_="soft")
    if row["understood"]:
        yield element("p", f"理解为 understood as: {row['understood']}")
    if row["statements"]:
        yield element("h3", "回答 Answer")
        yield bullets(_statement(one) for one in row["statements"])
    for notice in row["notices"]:
        yield element("p", f"⚠ {notice}", class_="warn")
    if row["missing"]:
        yield element("h3", "说明 Missing")
        yield element("p", row["missing"])
    if row["key_points"]:
        yield element("h3", "要点 Key points")
        yield bullets(_point(point) for point in row["key_points"])
    yield from _problems(row)
    if row["citations"]:
        yield element("h3", "来源 Sources")
        for citation in row["citations"]:
            yield from _source(citation)
    if row["sources"]:
        yield element("p", f"出题来源 written from: {' · '.join(row['sources'])}", class_="soft")
    for calculation in row["calculations"]:
        told = json.dumps(calculation, ensure_ascii=False, indent=1)
        yield join([element("h3", "计算 Calculation"), element("pre", told)])


def _facts(row: Row) -> str:
    facts = [
        f"{EXPECTED[row['expect']]} → {STATUSES[row['status']]}",
        row["category"],
        row["lang"],
        f"as of {row['as_of']}",
    ]
    if row["conversation"]:
        facts.append(f"对话 conversation {row['conversation']}, turn {row['turn']}")
    if row["documents"]:
        without = STATUSES.get(row["status_without_documents"] or "", "–")
        facts.append(f"with {', '.join(row['documents'])}; without: {without}")
    if row["confidence"] is not None:
        facts.append(f"confidence {row['confidence']:.2f}")
    if row["llm"]:
        facts.append(
            f"{row['llm']}, {row['input_tokens']} + {row['output_tokens']} tokens, {row['cost']:g}"
        )
    if "elapsed_ms" in row:
        facts.append(f"{row['elapsed_ms']:g} ms")
    return " · ".join(fact for fact in facts if fact)


def _statement(one: Mapping[str, Any]) -> Html:
    marks = "".join(f"[{number}]" for number in one["citations"])
    doubts = []
    if one["support"] == "unsupported":
        doubts.append("无据 unsupported")
    elif not one["supported"]:
        doubts.append(f"引文不支持 not supported {', '.join(one['failures'])}")
    if one["support"] != "unsupported" and not one["numbers_stand"]:
        doubts.append("数字不在引文中 number not in its quotes")
    mark = "soft" if one["support"] == "unsupported" else "bad"
    told = element("span", f" {'; '.join(doubts)}", class_=mark) if doubts else ""
    return join([one["text"], f" {marks}", told])


def _point(point: Mapping[str, Any]) -> Html:
    forms = " | ".join(point["forms"])
    if point["met"] is None:
        return element("span", f"✗ {forms}", class_="bad")
    return element("span", f"✓ {forms}", class_="good")


def _problems(row: Row) -> Iterator[Html]:
    for claim in row["forbidden_found"]:
        yield element("p", f"禁止性说法 forbidden claim: {claim}", class_="bad")
    for version in row["wrong_version"]:
        yield element("p", f"版本错误 wrong version: {version}", class_="bad")


def _source(citation: Mapping[str, Any]) -> Iterator[Html]:
    dates = [citation["effective_from"] or "", citation["effective_to"] or ""]
    validity = " – ".join(dates) if any(dates) else ""
    parts = [citation["title"], place(citation["locator"]), citation["status"], validity]
    line = " · ".join(part for part in parts if part)
    doubts = []
    if not citation["stands"]:
        doubts.append("引文不在原处 the quote does not stand there")
    if citation["status_checked"] != citation["status"]:
        doubts.append(f"实际状态 really {citation['status_checked']}")
    yield element(
        "p",
        f"[{citation['id']}] {line}",
        element("span", f" {'; '.join(doubts)}", class_="bad") if doubts else "",
    )
    yield element("blockquote", citation["quote"])
    notice = [citation["notice"]] if citation["notice"] else []
    yield element("p", " · ".join([citation["path"], *notice]), class_="soft")
