"""A USDM study design as blocks: population, criteria, arms, objectives, estimands and the rest."""

from __future__ import annotations

import re

from ingest.model import Block, Locator
from ingest.structure.jsontree import Node, node, nodes, string, strings
from ingest.structure.usdmdescribe import describe, words
from ingest.structure.usdmindex import Index, code_text, codes_text, in_order, value_text
from ingest.structure.usdmschedule import schedule_blocks
from ingest.tables import make_table, table_block

# Sections whose objects are told one a line by :func:`describe`: attribute, heading.
_LISTS = (
    ("indications", "Indications"),
    ("arms", "Study arms"),
    ("epochs", "Study epochs"),
    ("elements", "Study elements"),
    ("encounters", "Encounters"),
    ("activities", "Activities"),
    ("analysisPopulations", "Analysis populations"),
    ("biospecimenRetentions", "Biospecimen retention"),
)
_LONG_CRITERION = 1500
_ORDERED = frozenset({"epochs", "encounters", "activities"})
_TOLD = frozenset(
    {"name", "label", "description", "population", "eligibilityCriteria", "objectives"}
    | {"estimands", "scheduleTimelines", "studyCells", "id", "instanceType", "notes"}
    | {"extensionAttributes", "documentVersionIds", "rationale", *(key for key, _ in _LISTS)}
)


def design_blocks(index: Index, design: Node, version: Node, level: int) -> list[Block]:
    """Everything a study design says, under one heading."""
    locator = Locator(path=index.path(design))
    title = index.name(design)
    blocks = [
        Block("heading", f"Study design: {title}" if title else "Study design", locator, level)
    ]
    if text := index.text(design, "description"):
        blocks.append(Block("paragraph", text, locator))
    blocks.extend(_facts(index, design, locator))
    if rationale := index.text(design, "rationale"):
        blocks.append(Block("paragraph", f"Rationale: {rationale}", locator))
    blocks.extend(_population(index, design, level + 1))
    blocks.extend(_criteria(index, design, version, level + 1))
    blocks.extend(_objectives(index, design, level + 1))
    blocks.extend(_estimands(index, design, level + 1))
    for key, heading in _LISTS:
        items = nodes(design.get(key))
        items = in_order(items) if key in _ORDERED else items
        blocks.extend(list_blocks(index, items, heading, level + 1))
    blocks.extend(_cells(index, design))
    blocks.extend(schedule_blocks(index, design, level + 1))
    return blocks


def list_blocks(index: Index, items: list[Node], heading: str, level: int) -> list[Block]:
    """A heading and one list item for each object that says something."""
    lines = [
        Block("list_item", text, Locator(path=index.path(item)))
        for item in items
        if (text := describe(index, item))
    ]
    return [Block("heading", heading, lines[0].locator, level), *lines] if lines else []


def _facts(index: Index, design: Node, locator: Locator) -> list[Block]:
    """Phase, type, model, blinding and every other coded attribute of the design."""
    lines = []
    for key, value in design.items():
        if key in _TOLD:
            continue
        if key.endswith(("Id", "Ids")):
            text = ", ".join(index.name(item) for item in index.all(value))
        elif isinstance(value, list):
            known = codes_text(value)
            text = known or "; ".join(describe(index, item) for item in nodes(value))
        else:
            text = value_text(value) or describe(index, node(value))
        if text:
            label = words(key).capitalize()
            lines.append(Block("list_item", f"{label}: {text}", locator))
    return lines


def _population(index: Index, design: Node, level: int) -> list[Block]:
    population = node(design.get("population"))
    if not population:
        return []
    skip = frozenset({"criterionIds", "cohorts"})
    lines = [Block("heading", "Study population", Locator(path=index.path(population)), level)]
    for item, label in [
        (population, "Population"),
        *((cohort, "Cohort") for cohort in nodes(population.get("cohorts"))),
    ]:
        locator = Locator(path=index.path(item))
        lines.append(Block("list_item", f"{label}: {describe(index, item, skip)}", locator))
    return lines


def _criteria(index: Index, design: Node, version: Node, level: int) -> list[Block]:
    """Criteria by category, with their identifiers; the text is that of the criterion's item."""
    criteria = nodes(design.get("eligibilityCriteria"))
    used = {string(item.get("criterionItemId")) for item in criteria}
    blocks: list[Block] = []
    for category in dict.fromkeys(code_text(item.get("category")) for item in criteria):
        group = [item for item in criteria if code_text(item.get("category")) == category]
        blocks.append(
            Block("heading", category or "Criteria", Locator(path=index.path(group[0])), level + 1)
        )
        cohorts = _cohorts_of(index, design)
        for item in in_order(group):
            number = string(item.get("identifier"))
            source = index.get(item.get("criterionItemId")) or item
            only = cohorts.get(string(item.get("id")))
            kind = re.sub(r"\bCriteria\b", "criterion", category) or "Criterion"
            label = f"{kind} {number}".strip() + (f" ({only})" if only else "")
            text = index.text(source) or index.name(item)
            blocks.extend(
                Block("list_item", part, Locator(path=index.path(source)))
                for part in _parts(label, text)
            )
    unused = [
        item
        for item in nodes(version.get("eligibilityCriterionItems"))
        if string(item.get("id")) not in used and len(nodes(version.get("studyDesigns"))) == 1
    ]
    blocks.extend(list_blocks(index, unused, "Criterion texts without a category", level + 1))
    if not blocks:
        return []
    return [Block("heading", "Eligibility criteria", blocks[0].locator, level), *blocks]


def _parts(label: str, text: str) -> list[str]:
    """The text behind its label; a very long one in parts that each repeat the label."""
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if parts[-1] and sum(map(len, parts[-1])) + len(line) > _LONG_CRITERION:
            parts.append([])
        parts[-1].append(line)
    return [
        f"{label}{' (continued)' if number else ''}: " + "\n".join(lines)
        for number, lines in enumerate(parts)
    ]


def _cohorts_of(index: Index, design: Node) -> dict[str, str]:
    """Criterion → the cohort it is for, where the population as a whole does not have it."""
    population = node(design.get("population"))
    shared = set(strings(population.get("criterionIds")))
    return {
        criterion: index.name(cohort)
        for cohort in nodes(population.get("cohorts"))
        for criterion in strings(cohort.get("criterionIds"))
        if criterion not in shared
    }


def _objectives(index: Index, design: Node, level: int) -> list[Block]:
    objectives = nodes(design.get("objectives"))
    if not objectives:
        return []
    path = index.path(objectives[0])
    blocks = [Block("heading", "Objectives and endpoints", Locator(path=path), level)]
    for objective in objectives:
        kind = _level(objective) or "Objective"
        text = _with_description(index, objective)
        blocks.append(Block("list_item", f"{kind}: {text}", Locator(path=index.path(objective))))
        for endpoint in nodes(objective.get("endpoints")):
            label = _level(endpoint) or "Endpoint"
            text = _with_description(index, endpoint)
            purpose = index.text(endpoint, "purpose")
            text += f" (purpose: {purpose})" if purpose else ""
            locator = Locator(path=index.path(endpoint))
            blocks.append(Block("list_item", f"{label}: {text}", locator))
    return blocks


def _with_description(index: Index, item: Node) -> str:
    """The text of an objective or endpoint, and what its description adds."""
    text = index.text(item) or index.name(item)
    description = index.text(item, "description")
    return f"{text} ({description})" if description and description not in text else text


def _level(item: Node) -> str:
    """``Study Primary Objective`` as CDISC terms it, read as ``Primary Objective``."""
    return code_text(item.get("level")).removeprefix("Study ").removeprefix("Trial ")


def _estimands(index: Index, design: Node, level: int) -> list[Block]:
    """Each estimand with the five attributes of ICH E9(R1); an absent one is said to be absent."""
    blocks: list[Block] = []
    for estimand in nodes(design.get("estimands")):
        locator = Locator(path=index.path(estimand))
        name = index.name(estimand)
        blocks.append(Block("heading", f"Estimand {name}".strip(), locator, level))
        if text := index.text(estimand, "description"):
            blocks.append(Block("paragraph", text, locator))
        treatments = [
            describe(index, item, frozenset({"administrations"}))
            for item in index.all(estimand.get("interventionIds"))
        ]
        population = index.get(estimand.get("analysisPopulationId"))
        variable = index.get(estimand.get("variableOfInterestId"))
        attributes = {
            "Treatment": "; ".join(text for text in treatments if text),
            "Population": index.text(population) or index.name(population),
            "Variable (endpoint)": index.text(variable) or index.name(variable),
            "Intercurrent events and strategies": "\n".join(
                _event(index, event) for event in nodes(estimand.get("intercurrentEvents"))
            ),
            "Population-level summary": index.text(estimand, "populationSummary"),
        }
        for label, text in attributes.items():
            blocks.append(Block("list_item", f"{label}: {text or 'not stated'}", locator))
    return blocks


def _event(index: Index, event: Node) -> str:
    texts = [index.text(event), index.text(event, "description")]
    what = "; ".join(dict.fromkeys(text for text in texts if text)) or index.name(event)
    strategy = index.text(event, "strategy") or "not stated"
    return f"{what} (strategy: {strategy})"


def _cells(index: Index, design: Node) -> list[Block]:
    """Arms by epochs, with the elements in each cell."""
    cells = nodes(design.get("studyCells"))
    arms, epochs = nodes(design.get("arms")), in_order(nodes(design.get("epochs")))
    filled = {
        (string(cell.get("armId")), string(cell.get("epochId"))): ", ".join(
            index.name(element) for element in index.all(cell.get("elementIds"))
        )
        for cell in cells
    }
    if not filled:
        return []
    rows = [["Arm", *(index.name(epoch) for epoch in epochs)]]
    rows.extend(
        [
            index.name(arm),
            *(filled.get((string(arm.get("id")), string(e.get("id"))), "") for e in epochs),
        ]
        for arm in arms
    )
    table = make_table(rows, 1, "Study design: elements by arm and epoch")
    locator = Locator(path=index.path(design) + ".studyCells")
    return [table_block(table, locator)] if table is not None else []
