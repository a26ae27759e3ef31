"""Schedules of activities of a USDM study design: one table and one list a timeline.

USDM v4: a ``ScheduleTimeline`` holds instances (points in time, tied to an encounter and an epoch,
with the activities done there) and timings (how far an instance stands from another one).
"""

from __future__ import annotations

from ingest.model import Block, Locator
from ingest.structure.jsontree import Node, node, nodes, string, strings
from ingest.structure.usdmindex import Index, code_text, in_order, value_text
from ingest.tables import make_table, split_rows, table_block

_MARK = "X"


def schedule_blocks(index: Index, design: Node, level: int) -> list[Block]:
    """Headings, tables and visit lists of all timelines, the main one first."""
    timelines = nodes(design.get("scheduleTimelines"))
    timelines.sort(key=lambda timeline: timeline.get("mainTimeline") is not True)
    blocks: list[Block] = []
    for timeline in timelines:
        blocks.extend(_timeline(index, design, timeline, level))
    if blocks:
        path = index.path(design) + ".scheduleTimelines"
        blocks.insert(0, Block("heading", "Schedule of activities", Locator(path=path), level))
    return blocks


def _timeline(index: Index, design: Node, timeline: Node, level: int) -> list[Block]:
    locator = Locator(path=index.path(timeline))
    name = index.name(timeline)
    visits = _ordered(index, timeline)
    if not visits:
        return []
    blocks = [Block("heading", name or "Timeline", locator, level + 1)]
    about = [index.text(timeline, "description")]
    if entry := index.text(timeline, "entryCondition"):
        about.append(f"Entry condition: {entry}.")
    if duration := value_text(timeline.get("plannedDuration")):
        about.append(f"Planned duration: {duration}.")
    if text := "\n".join(part for part in about if part):
        blocks.append(Block("paragraph", text, locator))
    rows = [*_header(index, timeline, visits), *_body(index, design, visits)]
    table = make_table(rows, _header_rows(rows), f"Schedule of activities: {name}")
    if table is not None:
        blocks.extend(table_block(part, locator) for _, part in split_rows(table))
    blocks.extend(_visit_item(index, timeline, visit) for visit in visits)
    return blocks


def _ordered(index: Index, timeline: Node) -> list[Node]:
    """Instances from the entry along their default next instance; the rest in file order."""
    instances = nodes(timeline.get("instances"))
    ids = {string(item.get("id")) for item in instances}
    ordered: list[Node] = []
    seen: set[str] = set()
    for start in [index.get(timeline.get("entryId")), *instances]:
        current = start
        while (key := string(current.get("id"))) in ids and key not in seen:
            seen.add(key)
            ordered.append(current)
            current = index.get(current.get("defaultConditionId"))
    return ordered


def _header(index: Index, timeline: Node, visits: list[Node]) -> list[list[str]]:
    timings = [_timing(timeline, visit) for visit in visits]
    whens = [_when(index, timing, visit) for timing, visit in zip(timings, visits, strict=True)]
    return [
        ["Epoch", *(index.name(index.get(visit.get("epochId"))) for visit in visits)],
        ["Encounter", *(index.name(index.get(visit.get("encounterId"))) for visit in visits)],
        ["Time point", *(index.name(visit) for visit in visits)],
        ["Timing", *whens],
        ["Window", *(_window(timing) for timing in timings)],
    ]


def _header_rows(rows: list[list[str]]) -> int:
    """Rows without a value beside their name are emptied, so that the table leaves them out."""
    for row in rows[:5]:
        if not any(row[1:]):
            row[0] = ""
    return 5


def _body(index: Index, design: Node, visits: list[Node]) -> list[list[str]]:
    done = [set(strings(visit.get("activityIds"))) for visit in visits]
    rows = []
    known: set[str] = set()
    parents = {
        child: index.name(activity)
        for activity in nodes(design.get("activities"))
        for child in strings(activity.get("childIds"))
    }
    for activity in in_order(nodes(design.get("activities"))):
        key = string(activity.get("id"))
        known.add(key)
        marks = [_MARK if key in ids else "" for ids in done]
        if any(marks):
            parent = f"{parents[key]}: " if parents.get(key) else ""
            rows.append([parent + index.name(activity), *marks])
    for key in dict.fromkeys(
        item for visit in visits for item in strings(visit.get("activityIds"))
    ):
        if key not in known:
            label = index.name(index.get(key)) or f"[{key}]"
            rows.append([label, *(_MARK if key in ids else "" for ids in done)])
    return rows


def _timing(timeline: Node, visit: Node) -> Node:
    """The timing that places an instance."""
    for timing in nodes(timeline.get("timings")):
        if timing.get("relativeFromScheduledInstanceId") == visit.get("id"):
            return timing
    return {}


def _when(index: Index, timing: Node, visit: Node) -> str:
    """``2 Weeks after Dose``; the fixed reference by its own label."""
    value = string(timing.get("valueLabel")) or string(timing.get("value"))
    kind = code_text(timing.get("type")).lower()
    anchor = index.get(timing.get("relativeToScheduledInstanceId"))
    if not anchor or anchor is visit or kind not in {"before", "after"}:
        return f"{value} ({kind})" if value and kind else value or kind
    ends = code_text(timing.get("relativeToFrom"))
    qualifier = f" ({ends})" if ends and ends != "Start to Start" else ""
    return f"{value} {kind} {index.name(anchor)}{qualifier}".strip()


def _window(timing: Node) -> str:
    """The window as labelled, else its bounds in ISO 8601 durations."""
    if label := string(timing.get("windowLabel")):
        return label
    low, high = string(timing.get("windowLower")), string(timing.get("windowUpper"))
    return f"-{low or '0'} / +{high or '0'}" if low or high else ""


def _visit_item(index: Index, timeline: Node, visit: Node) -> Block:
    """One instance as a sentence: where and when it stands and what is done."""
    timing = _timing(timeline, visit)
    encounter, epoch = index.get(visit.get("encounterId")), index.get(visit.get("epochId"))
    name = index.name(visit)
    place = [text for item in (encounter, epoch) if (text := index.name(item)) and text != name]
    if when := _when(index, timing, visit):
        place.append(when)
    if window := _window(timing):
        place.append(f"window {window}")
    modes = [code_text(item) for item in nodes(encounter.get("contactModes"))]
    place.extend(mode for mode in modes if mode)
    parts = [f"{name} ({', '.join(place)})" if place else name]
    activities = [_activity(index, index.get(i)) for i in strings(visit.get("activityIds"))]
    parts.append(", ".join(text for text in activities if text) or "no activity of its own")
    text = ": ".join(part for part in parts if part)
    for choice in nodes(visit.get("conditionAssignments")):
        target = index.name(index.get(choice.get("conditionTargetId")))
        text += f"; if {index.text(choice, 'condition')}: {target}"
    if linked := index.name(index.get(visit.get("timelineId"))):
        text += f"; runs the timeline {linked}"
    return Block("list_item", text, Locator(path=index.path(visit)))


def _activity(index: Index, activity: Node) -> str:
    linked = index.name(index.get(activity.get("timelineId")))
    name = index.name(activity)
    return f"{name} (see {linked})" if name and linked else name


def condition_texts(index: Index, version: Node) -> list[tuple[Node, str]]:
    """Conditions of the study: what they apply to, where, and their text."""
    found = []
    for condition in nodes(version.get("conditions")):
        applies = ", ".join(index.name(i) for i in index.all(condition.get("appliesToIds")))
        where = ", ".join(index.name(i) for i in index.all(condition.get("contextIds")))
        label = f"{applies} at {where}" if applies and where else applies or where
        label = label or index.name(node(condition))
        found.append((condition, f"{label}: {index.text(condition)}"))
    return found
