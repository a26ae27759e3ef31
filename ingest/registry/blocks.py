"""Write a trial record as a document: headings, fields, criteria and tables with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.loaders.base import Loaded
from ingest.metadata import detect_language
from ingest.model import Block, BlockKind, Locator
from ingest.registry.dates import RegistryDate
from ingest.registry.record import Arm, Criterion, Outcome, TrialRecord, Value
from ingest.structure.headings import with_sections
from ingest.tables import make_table, split_rows, table_block
from ingest.text import squeeze

# Questions come in both languages, records mostly in one: labels are in both.
_KINDS = {"actual": "实际 actual", "anticipated": "计划 anticipated"}
_MOST_KEYWORDS = 30
# UTF-8 read as Windows-1252: "SÃ£o", "â‰¥", "â€™".
_GARBLED = re.compile(r"(?:Ã[\u0080-\u00bf]|â(?:€|‰|„)|Â[\u00a0-\u00bf])\w{0,20}")


def to_loaded(record: TrialRecord) -> Loaded:
    """Return the record as a document of kind ``registry``.

    The text after a label is verbatim. ``issued`` and ``version_date`` are the last update, or the
    registration where the record says nothing of updates (a warning tells).
    """
    writer = _Writer(record)
    blocks = with_sections(list(writer.blocks()))
    return Loaded(
        blocks,
        title=_title(record),
        metadata=_metadata(record),
        warnings=_warnings(record, blocks, writer.empty_sides()),
    )


def _title(record: TrialRecord) -> str:
    return squeeze(record.title("zh") or record.title() or record.id.text).replace("\n", " ")


def _metadata(record: TrialRecord) -> dict[str, object]:
    text = "\n".join(
        [*(title.value.text for title in record.titles)]
        + [item.text for side in (record.eligibility.inclusion,) for item in side]
    )
    names = (record.id, record.acronym, *record.secondary_ids)
    dated = record.updated if record.updated and record.updated.day else record.registered
    metadata: dict[str, object] = {
        "title": _title(record),
        "title_en": record.title("en"),
        "kind": "registry",
        "issuer": record.registry,
        "document_number": record.id.text,
        "language": detect_language(text),
        "issued": dated.day if dated else None,
        "version_date": dated.day if dated else None,
        "source": record.url.text if record.url else f"{record.registry} {record.id.text}",
        "identifiers": tuple(dict.fromkeys(name.text for name in names if name)),
        "keywords": tuple(
            dict.fromkeys(value.text for value in (*record.conditions, *record.keywords))
        )[:_MOST_KEYWORDS],
    }
    return {key: value for key, value in metadata.items() if value}


def _warnings(record: TrialRecord, blocks: Sequence[Block], empty: list[str]) -> list[str]:
    warnings = list(record.warnings)
    if not record.titles:
        warnings.append("the record has no title; its registry number stands for it")
    if record.updated is None or record.updated.day is None:
        dated = "dated by its registration" if record.registered else "left without a date"
        warnings.append(f"the record does not say when it was last updated; {dated}")
    for name in ("registered", "start", "primary_completion", "completion", "updated"):
        found: RegistryDate | None = getattr(record, name)
        if found is not None and found.iso is None:
            warnings.append(f"the {name.replace('_', ' ')} date {found.text!r} cannot be read")
    if empty:
        warnings.append(f"no {' and no '.join(empty)} criteria were found under a heading")
    garbled = next((match for block in blocks if (match := _GARBLED.search(block.text))), None)
    if garbled:
        warnings.append(
            f"{garbled.group()!r} looks like text that was decoded wrongly before it was exported; "
            "it is kept as it is"
        )
    if record.left_out:
        warnings.append(f"parts of the record that are not read: {', '.join(record.left_out)}")
    return warnings


class _Writer:
    def __init__(self, record: TrialRecord) -> None:
        self.record = record

    def blocks(self) -> Iterator[Block]:
        """All blocks, in the order of the WHO data set: what, how, whom, who, the rest."""
        record = self.record
        yield self._block("heading", _title(record), self._title_path(), 1)
        yield from self._section("登记信息 Registration", self._registration())
        yield from self._section("状态与日期 Status and dates", self._status())
        yield from self._section("研究设计 Study design", self._design())
        yield from self._section("摘要 Summary", self._prose(record.summary))
        yield from self._section("详细说明 Detailed description", self._prose(record.description))
        yield from self._section(
            "研究疾病 Conditions", self._items("研究疾病 Condition", record.conditions)
        )
        yield from self._section("关键词 Keywords", self._items("关键词 Keyword", record.keywords))
        yield from self._section("分组与干预 Arms and interventions", self._arms())
        yield from self._section("结局指标 Outcome measures", self._outcomes())
        yield from self._section("入排条件 Eligibility", self._eligibility())
        yield from self._section("申办与实施 Sponsor and sites", self._sponsors())
        yield from self._section("其他字段 Other fields of the record", self._other())

    def empty_sides(self) -> list[str]:
        """The sides without criteria, of a record that has any eligibility text."""
        sides = self.record.eligibility
        if not (sides.inclusion or sides.exclusion or sides.unsorted):
            return []
        named = (("inclusion", sides.inclusion), ("exclusion", sides.exclusion))
        return [name for name, criteria in named if not criteria]

    def _block(self, kind: BlockKind, text: str, path: str, level: int | None = None) -> Block:
        return Block(kind, squeeze(text), Locator(path=path, line=self.record.line), level)

    def _section(self, heading: str, blocks: Iterator[Block], level: int = 2) -> Iterator[Block]:
        """The blocks below a heading; no heading over nothing."""
        first = next(blocks, None)
        if first is not None:
            yield self._block("heading", heading, first.locator.path or "", level)
            yield first
            yield from blocks

    def _field(self, label: str, value: Value | None) -> Iterator[Block]:
        if value is not None:
            yield self._block("list_item", f"{label}: {value.text}", value.path)

    def _items(self, label: str, values: Sequence[Value]) -> Iterator[Block]:
        """Short values of one kind in one block, semicolons between them."""
        path = _common([value.path for value in values])
        if not path:
            for value in values:
                yield from self._field(label, value)
        elif values:
            text = f"{label}: {'; '.join(value.text for value in values)}"
            yield self._block("list_item", text, path)

    def _prose(self, value: Value | None) -> Iterator[Block]:
        for part in re.split(r"\n\s*\n", value.text) if value else ():
            if part.strip():
                yield self._block("paragraph", part, value.path if value else "")

    def _date(self, label: str, found: RegistryDate | None) -> Iterator[Block]:
        if found is not None:
            kind = f" ({_KINDS[found.kind]})" if found.kind else ""
            yield self._block("list_item", f"{label}{kind}: {found.text}", found.path)

    def _title_path(self) -> str:
        record = self.record
        shown = record.title("zh") or record.title()
        return next((t.value.path for t in record.titles if t.value.text == shown), record.id.path)

    def _registration(self) -> Iterator[Block]:
        record = self.record
        yield from self._field("注册号 Registry number", record.id)
        yield from self._items("其他编号 Secondary identifier", record.secondary_ids)
        yield from self._field("缩写 Acronym", record.acronym)
        for title in record.titles:
            use = "正式题目 Scientific" if title.use == "scientific" else "题目 Public"
            yield from self._field(f"{use} title", title.value)
        yield from self._field("网址 Web address", record.url)

    def _status(self) -> Iterator[Block]:
        record = self.record
        yield from self._field("招募状态 Recruitment status", record.status)
        yield from self._field("终止原因 Why stopped", record.why_stopped)
        yield from self._date("注册日期 Date of registration", record.registered)
        yield from self._date("开始日期 Start", record.start)
        yield from self._date("主要终点完成日期 Primary completion", record.primary_completion)
        yield from self._date("完成日期 Completion", record.completion)
        yield from self._date("最近更新 Last update", record.updated)
        yield from self._field("已公布结果 Results posted", record.results)

    def _design(self) -> Iterator[Block]:
        record = self.record
        yield from self._field("研究类型 Study type", record.study_type)
        yield from self._items("分期 Phase", record.phases)
        yield from self._field("随机化 Allocation", record.allocation)
        yield from self._field("设计 Design", record.design)
        yield from self._items("盲法 Masking", record.masking)
        yield from self._field("目的 Primary purpose", record.purpose)
        size = record.enrolment
        if size is not None:
            kind = f" ({_KINDS[size.kind]})" if size.kind else ""
            yield from self._field(f"样本量 Enrolment{kind}", size.value)

    def _arms(self) -> Iterator[Block]:
        arms = self.record.arms
        rows = [
            (arm.label, arm.kind, arm.size, arm.description, "; ".join(arm.interventions))
            for arm in arms
        ]
        header = (
            "组别 Arm",
            "类型 Type",
            "人数 Size",
            "说明 Description",
            "干预 Interventions",
        )
        yield from self._table("分组 Arms", header, rows, arms)
        told = {arm.description for arm in arms}
        for item in self.record.interventions:
            if not item.kind and not item.description and item.name in told:
                continue
            name = ": ".join(part for part in (item.kind, item.name) if part)
            text = "\n".join(part for part in (name, item.description) if part)
            yield self._block("list_item", f"干预 Intervention: {text}", item.path)

    def _outcomes(self) -> Iterator[Block]:
        record = self.record
        header = ("指标 Outcome", "时间点 Time frame", "说明 Description")
        for caption, outcomes in (
            ("主要结局 Primary outcomes", record.primary_outcomes),
            ("次要结局 Secondary outcomes", record.secondary_outcomes),
            ("其他结局 Other outcomes", record.other_outcomes),
        ):
            rows = [(item.measure, item.time_frame, item.description) for item in outcomes]
            yield from self._table(caption, header, rows, outcomes)

    def _table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        items: Sequence[Arm | Outcome | Value],
    ) -> Iterator[Block]:
        """A table without the columns that would hold nothing but their name."""
        used = [n for n in range(len(header)) if any(row[n].strip() for row in rows)]
        cells = [[row[n] for n in used] for row in rows]
        table = make_table([[header[n] for n in used], *cells], caption=caption) if used else None
        if table is None:
            return
        for offset, part in split_rows(table):
            paths = [item.path for item in items[offset : offset + len(part.rows) - 1]]
            yield table_block(part, Locator(path=_common(paths), line=self.record.line))

    def _eligibility(self) -> Iterator[Block]:
        record, sides = self.record, self.record.eligibility
        yield from self._field("性别 Sex", record.sex)
        yield from self._field("最小年龄 Minimum age", record.min_age)
        yield from self._field("最大年龄 Maximum age", record.max_age)
        yield from self._field("接受健康志愿者 Healthy volunteers", record.healthy_volunteers)
        for heading, criteria in (
            ("入排条件（原文未分） Eligibility as written", sides.unsorted),
            ("纳入标准 Inclusion criteria", sides.inclusion),
            ("排除标准 Exclusion criteria", sides.exclusion),
        ):
            yield from self._section(heading, self._criteria(criteria), 3)

    def _criteria(self, criteria: Sequence[Criterion]) -> Iterator[Block]:
        group: str | None = None
        for item in criteria:
            if item.group is not None and item.group != group:
                yield self._block("paragraph", item.group, item.path)
            group = item.group
            yield self._block("list_item", item.text, item.path)

    def _sponsors(self) -> Iterator[Block]:
        record = self.record
        yield from self._field("申办者 Sponsor", record.sponsor)
        yield from self._items("合作者 Collaborator", record.collaborators)
        yield from self._items("国家或地区 Country", record.countries)
        rows = [(site.text,) for site in record.sites]
        yield from self._table("研究单位 Sites", ("研究单位 Site",), rows, record.sites)

    def _other(self) -> Iterator[Block]:
        for label, fields in groupby(self.record.other, key=lambda field: field.label):
            yield from self._items(label, [field.value for field in fields])


def _common(paths: Sequence[str]) -> str:
    """The path that the rows of a table share."""
    if len(set(paths)) == 1:
        return paths[0]
    shared = []
    for parts in zip(*(path.split("/") for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared)
