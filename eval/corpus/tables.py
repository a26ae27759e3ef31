"""Set the tables of the corpus as documents that can be indexed and quoted.

    python -m eval.corpus.tables

reads ``corpus/data/*.csv`` as ``tables.toml`` tells and writes Markdown with front matter into
``corpus/tables/``: a table a group under its heading, and where a sentence is given, one a row. The
CSV stays the source; a test holds both against each other.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.corpus.notes import CORPUS

DATA = CORPUS / "data"
FOLDER = CORPUS / "tables"
SETTINGS = Path(__file__).with_name("tables.toml")
Row = Mapping[str, str]
_FRONT = (
    "title", "title_en", "kind", "issuer", "document_number", "issued", "effective_from",
    "effective_to", "superseded_by", "jurisdiction", "language", "source", "verified", "summary",
)  # fmt: skip


def settings(path: Path = SETTINGS) -> list[dict[str, Any]]:
    """The tables and how they are set."""
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["table"]
    return found


def documents(given: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Name and text of the documents that a table becomes: one, or one a group."""
    groups = list(dict.fromkeys(row[given["group"]] for row in rows))
    names = {key: given.get("groups", {}).get(key, [key, key]) for key in groups}
    if not given.get("split"):
        yield given["file"], _document(given, rows, groups, names)
        return
    stem = str(given["file"]).removesuffix(".md")
    for key in groups:
        own = [row for row in rows if row[given["group"]] == key]
        said = {"group": names[key][0], "group_en": names[key][1]}
        filled = {k: _filled(v, said) for k, v in given.items() if k != "caption"}
        filled["caption"] = given["caption"]
        name = f"{stem}-{key.replace('_', '-')}.md"
        yield name, _document(filled, own, [key], names)


def _filled(value: Any, said: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(item, said) for item in value]
    if not isinstance(value, str):
        return value
    for key, word in said.items():
        value = value.replace("{" + key + "}", word)
    return value


def _document(
    given: Mapping[str, Any], rows: Sequence[Row], groups: Sequence[str],
    names: Mapping[str, Sequence[str]],
) -> str:  # fmt: skip
    lines = ["---"]
    for key in _FRONT:
        value = "zh" if key == "language" else given.get(key)
        # JSON strings are YAML strings, colons and all.
        lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    lines += [
        f"keywords: {json.dumps(given['keywords'], ensure_ascii=False)}",
        "---",
        f"# {given['title']}",
        "",
    ]
    for number, key in enumerate(groups, 1):
        own = [row for row in rows if row[given["group"]] == key]
        said = {
            "number": str(number),
            "group": names[key][0],
            "snapshot": own[0].get("snapshot", ""),
        }
        lines += [f"## {names[key][0]}", "", _filled(given["caption"], said), ""]
        lines += [*_table(given["columns"], own), ""]
        if "sentence" in given:
            lines += [*_sentences(given, own), ""]
    lines += ["## 使用说明", given["note"]]
    return "\n".join(lines) + "\n"


def _table(columns: Mapping[str, str], rows: Sequence[Row]) -> Iterator[str]:
    yield f"| {' | '.join(columns.values())} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row[key].replace('|', '/') for key in columns)} |"


def _sentences(given: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        said = {**row, **_optional(row)}
        yield f"### {row['acronym']}"
        yield _filled(given["sentence"], said)
        if row["lesson_zh"]:
            yield _filled(given["lesson"], said)
        yield _filled(given["sentence_en"], said)
        if row["lesson_en"]:
            yield _filled(given["lesson_en"], said)


def _optional(row: Row) -> dict[str, str]:
    """The parts of a sentence that are left out where nothing is known."""
    known, number, effect = row["registry_id"], row["randomised"], row["effect"]
    return {
        "registry": f"（{known}）" if known else "",
        "registry_en": f" ({known})" if known else "",
        "randomised_zh": f"，共{number}例" if number else "",
        "randomised_en": f"; n = {number}" if number else "",
        "effect_zh": f"，结果{effect}" if effect else "",
        "effect_en": f"; result: {effect}" if effect else "",
    }


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def render(folder: Path = DATA) -> dict[str, str]:
    """All documents by name."""
    return dict(
        document
        for given in settings()
        for document in documents(given, read(folder / given["csv"]))
    )


def main() -> int:
    """Write the documents."""
    for name, text in render().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
