"""What the privacy gate reports: one :class:`Finding` for each identifier met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FindingKind = Literal[
    "resident_id",
    "passport",
    "permit",
    "medical_record",
    "bank_card",
    "mobile",
    "landline",
    "email",
    "name",
    "address",
]
Severity = Literal["personal", "contact"]

LABELS: dict[FindingKind, str] = {
    "resident_id": "身份证号",
    "passport": "护照号",
    "permit": "通行证号",
    "medical_record": "病历号",
    "bank_card": "银行卡号",
    "mobile": "手机号",
    "landline": "电话",
    "email": "邮箱",
    "name": "姓名",
    "address": "住址",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier in a block.

    Attributes:
        kind: What it is.
        block: Number of the block, counted from 0.
        start: First character of the identifier in the block's text.
        end: The character after its last one.
        masked: The identifier covered up; safe to log and to show.
        severity: ``personal`` (of a patient or participant: the document is quarantined) or
            ``contact`` (of an institution, author or investigator: reported only).
        reason: Why it was taken for one, and why of this severity.
    """

    kind: FindingKind
    block: int
    start: int
    end: int
    masked: str
    severity: Severity
    reason: str


def cover(kind: FindingKind, value: str) -> str:
    """Return a form of ``value`` that lets a curator find it and nobody else use it.

    Long numbers keep four characters at either end (``4401**********1234``), shorter ones fewer;
    at least half of a value and the whole birth date of a resident number are covered.
    """
    if kind == "name":
        return value[0] + "*" * (len(value) - 1)
    if kind == "email":
        user, _, domain = value.partition("@")
        return f"{user[0]}***@{domain}"
    if kind == "address":
        return value[:3] + "*" * max(3, len(value) - 3)
    if kind == "mobile" and len(value) >= 11:
        keep_start, keep_end = 3, 2
    else:
        keep_start = keep_end = 4 if len(value) >= 16 else len(value) // 5
    covered = "*" * (len(value) - keep_start - keep_end)
    return value[:keep_start] + covered + value[len(value) - keep_end :]
