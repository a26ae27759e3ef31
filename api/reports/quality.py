"""The quality report of an ingest run: what was read how well, and what needs a curator's eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.reports.html import Html, bullets, element, join, page, table
from ingest.pipeline import Outcome, OutcomeKind, Report
from ingest.quality import PageQuality, Quality, Remark
from retrieval import StoredDocument, View

_ATTENTION: tuple[OutcomeKind, ...] = ("failed", "quarantined", "unsupported")
_LOW_CONFIDENCE = 0.9
_NAMES: dict[OutcomeKind, str] = {
    "added": "新增 added",
    "updated": "更新 updated",
    "unchanged": "未变 unchanged",
    "duplicate": "重复 duplicate",
    "quarantined": "隔离 quarantined",
    "unsupported": "不支持 unsupported",
    "failed": "失败 failed",
}
_REMARKS = {
    "hidden": "不可见文字，未入库 hidden text, left out",
    "personal": "个人信息 personal data",
    "contact": "公开联系方式 published contact",
    "instruction": "对模型的指令，仅作引文 instruction to a model, data only",
}
_METHODS = {
    "text": "文字层 text",
    "ocr": "识别 OCR",
    "blank": "空白 blank",
    "failed": "失败 failed",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the index knows of a file that this run did not read again."""

    quality: Quality | None
    pages: int
    kinds: dict[str, int]
    warnings: tuple[str, ...]


def describe_stored(view: View, documents: Sequence[StoredDocument]) -> Stored:
    """What the index knows of a file: of its one document, or of all its records together."""
    known = [view.quality(document) for document in documents]
    qualities = [quality for quality in known if quality is not None]
    kinds: Counter[str] = Counter()
    for document in documents:
        kinds.update(view.block_kinds(document))
    warnings = (warning for document in documents for warning in document.warnings)
    return Stored(
        _together(qualities) if qualities else None,
        sum(document.pages or 0 for document in documents),
        dict(sorted(kinds.items())),
        tuple(dict.fromkeys(warnings)),
    )


def _together(qualities: Sequence[Quality]) -> Quality:
    return Quality(
        qualities[0].format,
        tuple(page for one in qualities for page in one.pages),
        tuple(remark for one in qualities for remark in one.remarks),
    )


def quality_report(
    report: Report, stored: Callable[[str], Stored | None], made: datetime, version: str
) -> str:
    """Return the report as one HTML page.

    Args:
        report: The run.
        stored: What the index holds of a document, by id; asked for unchanged files.
        made: When the run ended.
        version: Of Xinglin.
    """
    files = [_file(outcome, stored) for outcome in report.outcomes]
    counts = Counter(outcome.outcome for outcome in report.outcomes)
    totals = join(
        [f"{_NAMES[kind]}: {counts[kind]}" for kind in _NAMES if counts[kind]], between=" · "
    )
    seconds = f"{report.megabytes:.1f} MB, {report.seconds:.1f} s"
    return page(
        "入库质量报告 Ingest quality report",
        element("p", totals, class_="soft"),
        element("p", f"{made:%Y-%m-%d %H:%M} · Xinglin {version} · {seconds}", class_="soft"),
        *_attention(report.outcomes),
        element("h2", "按格式 By format"),
        _formats(files),
        element("h2", f"文件 Files ({len(files)})"),
        *(_details(one) for one in files),
    )


@dataclass(frozen=True, slots=True)
class _File:
    outcome: Outcome
    quality: Quality | None
    page_count: int
    kinds: dict[str, int]
    warnings: tuple[str, ...]

    def pages(self, method: str) -> list[PageQuality]:
        """The pages read in one way."""
        return [one for one in self.quality.pages if one.method == method] if self.quality else []


def _file(outcome: Outcome, stored: Callable[[str], Stored | None]) -> _File:
    if outcome.outcome == "unchanged" and outcome.id and (known := stored(outcome.id)):
        return _File(outcome, known.quality, known.pages, known.kinds, known.warnings)
    return _File(outcome, outcome.quality, outcome.pages, dict(outcome.kinds), outcome.warnings)


def _attention(outcomes: Sequence[Outcome]) -> Iterator[Html]:
    """Files that are not in the index, first of all."""
    rows = [
        (element("span", _NAMES[one.outcome], class_="bad"), one.path, one.detail or "")
        for kind in _ATTENTION
        for one in outcomes
        if one.outcome == kind
    ]
    if rows:
        yield element("h2", f"需要处理 Needs attention ({len(rows)})")
        yield table(("结果 outcome", "文件 file", "原因 reason"), rows)


def _formats(files: Sequence[_File]) -> Html:
    by_format: dict[str, list[_File]] = {}
    for one in files:
        if one.quality is not None:
            by_format.setdefault(one.quality.format, []).append(one)
    rows = []
    for name, members in sorted(by_format.items()):
        recognised = [page for one in members for page in one.pages("ocr")]
        rows.append(
            (
                name,
                len(members),
                sum(one.outcome.documents for one in members),
                sum(one.page_count for one in members) or "",
                sum(sum(one.kinds.values()) for one in members),
                f"{sum(one.outcome.seconds for one in members):.1f}",
                len(recognised) or "",
                _percent(_mean(recognised)),
                sum(page.doubtful_digits for page in recognised) if recognised else "",
            )
        )
    head = ("格式 format", "文件 files", "文档 documents", "页 pages", "块 blocks", "秒 seconds")
    return table((*head, "识别页 OCR pages", "置信度 confidence", "存疑数字 doubtful digits"), rows)


def _details(one: _File) -> Html:
    outcome = one.outcome
    problems = len(one.warnings) + (len(one.quality.remarks) if one.quality else 0)
    note = element("span", f" {problems} 条提示 notes", class_="warn") if problems else ""
    mark = "bad" if outcome.outcome in _ATTENTION else "good"
    summary = element(
        "summary", element("span", _NAMES[outcome.outcome], class_=mark), f" {outcome.path}", note
    )
    return element("details", summary, *_facts(one))


def _facts(one: _File) -> Iterator[Html]:
    outcome, quality = one.outcome, one.quality
    if outcome.detail:
        yield element("p", outcome.detail)
    if outcome.id:
        yield element("p", f"xinglin docs show {outcome.id}", class_="soft")
    facts = [f"{outcome.size / 1e6:.2f} MB", f"{outcome.seconds:.2f} s"]
    facts += [f"{one.page_count} 页 pages"] if one.page_count else []
    facts += [f"{kind}: {count}" for kind, count in one.kinds.items()]
    yield element("p", " · ".join(facts), class_="soft")
    yield bullets(one.warnings)
    if quality is None:
        return
    if quality.pages:
        yield from _pages(quality)
    if quality.remarks:
        rows = [_remark(remark) for remark in quality.remarks]
        yield table(
            ("类型 kind", "位置 place", "说明 reason", "开头（已脱敏） masked excerpt"), rows
        )


def _pages(quality: Quality) -> Iterator[Html]:
    methods = Counter(page.method for page in quality.pages)
    told = " · ".join(f"{_METHODS[method]}: {count}" for method, count in methods.items())
    yield element("p", f"页 pages: {told}")
    if quality.confidence is not None:
        yield element(
            "p",
            f"平均置信度 mean confidence {_percent(quality.confidence)} · "
            f"存疑数字 doubtful digits {quality.doubtful_digits}",
        )
    rows = [
        (
            page.page,
            _METHODS[page.method],
            _percent(page.confidence),
            page.doubtful_digits,
            page.note,
        )
        for page in quality.pages
        if page.note or page.doubtful_digits or _is_low(page)
    ]
    if rows:
        head = (
            "页 page",
            "方式 method",
            "置信度 confidence",
            "存疑数字 doubtful digits",
            "说明 note",
        )
        yield table(head, rows, "需要核对的页 pages to compare with the original")


def _is_low(page: PageQuality) -> bool:
    return page.confidence is not None and page.confidence < _LOW_CONFIDENCE


def _remark(remark: Remark) -> tuple[str, str, str, str]:
    return _REMARKS[remark.kind], remark.place, remark.reason, remark.excerpt


def _mean(pages: Sequence[PageQuality]) -> float | None:
    known = [page.confidence for page in pages if page.confidence is not None]
    return sum(known) / len(known) if known else None


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
