"""How much of the text of office files their loaders read, against a reference in Markdown.

    python -m eval.bench_office PAIRS.jsonl [--below 0.97] [--json]

``PAIRS.jsonl`` holds one pair a line, ``{"file", "reference"}``, names relative to its folder. The
measure is recall of character trigrams within lines, counted as a multiset and without regard to
order: each trigram of the reference is found as often as the blocks hold it. Tables count; page
furniture of the reference, Markdown's own signs, blanks and punctuation do not.

Some references are another edition of the text. ``ceiling`` is the recall of all characters that
the file holds, without any loader. Where neither that nor the loader reaches 0.9, the reference
is called another text and the pair does not count. ``kept`` needs no reference: the share of the
file's own trigrams that the blocks hold (contents pages, left out on purpose, lower it).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from lxml import etree

from eval.commands import exit_status
from ingest.archive import open_office_zip
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.structure.libreoffice import convert

_LOADERS = {
    ".docx": "docx", ".pptx": "pptx", ".rtf": "rtf", ".doc": "legacy", ".ppt": "legacy",
    ".xls": "legacy", ".wps": "legacy",
}  # fmt: skip
_START = re.compile(r"<!-- fulltext-start -->.*?\*\*Source:\*\*[^\n]*\n+---\n", re.S)
_END = "<!-- fulltext-end -->"
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_TEXT_PART = re.compile(r"word/(?:document|footnotes|endnotes)\.xml|ppt/slides/slide\d+\.xml")
# Of Markdown; the minus that others write as a hyphen; what stands for an object that is not read.
_SIGNS = "|`^−\ufffc"
_SIZE = 3
_SAME_TEXT = 0.9


def reference_text(markdown: str) -> str:
    """The document's own text of a reference: without the web page around it and Markdown."""
    start = _START.search(markdown)
    body = markdown[start.end() :] if start else _FRONT_MATTER.sub("", markdown)
    body = body.partition(_END)[0]
    return _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", body)))


def letters(text: str) -> str:
    """Letters, digits and symbols in their plain form: no blanks, punctuation or Markdown signs."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LNS" and c not in _SIGNS)


def trigrams(text: str) -> Counter[str]:
    """Trigrams of :func:`letters` of each line, with their counts."""
    lines = (letters(line) for line in text.split("\n"))
    return Counter(line[i : i + _SIZE] for line in lines for i in range(len(line) - _SIZE + 1))


def recall(reference: str, text: str) -> float:
    """Share of the reference's trigrams that the text holds, 0 to 1; 1 for an empty reference."""
    wanted, found = trigrams(reference), trigrams(text)
    total = wanted.total()
    return (wanted & found).total() / total if total else 1.0


def measure(path: Path, reference: Path) -> dict[str, Any]:
    """Read one file and compare it with its reference."""
    data = path.read_bytes()
    started = time.perf_counter()
    loaded = _load(path, data)
    seconds = time.perf_counter() - started
    text = "\n".join(block.text for block in loaded.blocks)
    wanted = reference_text(reference.read_text(encoding="utf-8"))
    raw = raw_text(path.suffix.lower(), data)
    found = round(recall(wanted, text), 4)
    ceiling = None if raw is None else round(recall(wanted, raw), 4)
    kinds = Counter(block.kind for block in loaded.blocks)
    return {
        "file": path.name,
        "recall": found,
        # The other way round: what the loader writes and the reference does not hold.
        "precision": round(recall(text, wanted), 4),
        "ceiling": ceiling,
        "same_text": ceiling is None or max(ceiling, found) >= _SAME_TEXT,
        "kept": None if raw is None else round(recall(raw, text), 4),
        "characters": len(letters(wanted)),
        "blocks": len(loaded.blocks),
        "headings": kinds["heading"],
        "tables": kinds["table"],
        "seconds": round(seconds, 2),
        "warnings": loaded.warnings,
    }


def raw_text(ending: str, data: bytes) -> str | None:
    """All text runs of a file, one paragraph a line, read without a loader.

    ``None`` for formats whose text cannot be had so simply.
    """
    if ending in {".doc", ".wps", ".ppt"}:
        new = "pptx" if ending == ".ppt" else "docx"
        data, ending = convert(data, ending.lstrip("."), new), f".{new}"
    if ending not in {".docx", ".pptx"}:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    lines = []
    with open_office_zip(data, ending.lstrip(".")) as archive:
        for name in sorted(archive.namelist()):
            if _TEXT_PART.fullmatch(name):
                root = etree.fromstring(archive.read(name), parser)
                lines += [_own_text(paragraph) for paragraph in root.iter("{*}p")]
    return "\n".join(lines)


def _own_text(paragraph: Any) -> str:
    """Text of a paragraph without that of the text boxes anchored in it."""
    if paragraph.xpath("ancestor::*[local-name()='Fallback']"):
        return ""  # the same once more, for old readers
    return "".join(
        node.text or ""
        for node in paragraph.iter("{*}t")
        if next(node.iterancestors("{*}p"), None) is paragraph
    )


def _load(path: Path, data: bytes) -> Loaded:
    name = _LOADERS.get(path.suffix.lower())
    if name is None:
        raise BadInput(f"{path.name}: not an office format; known: {' '.join(_LOADERS)}")
    load = import_module(f"ingest.loaders.{name}").load
    loaded: Loaded = load(Source(path.name, data))
    return loaded


def measure_pairs(pairs: Path) -> list[dict[str, Any]]:
    """Measure every pair; a file that cannot be read has recall 0 and says why."""
    rows = []
    for number, line in enumerate(pairs.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line)
            path, reference = pairs.parent / pair["file"], pairs.parent / pair["reference"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{pairs.name}, line {number}: no pair of file and reference") from error
        try:
            rows.append(measure(path, reference))
        except BadInput as error:
            rows.append({"file": path.name, "recall": 0.0, "error": str(error)})
    if not rows:
        raise BadInput(f"{pairs.name} holds no pair")
    return rows


def summary(rows: Iterable[dict[str, Any]], below: float) -> dict[str, Any]:
    """Lowest and mean recall of the pairs that hold the same text, and those below the mark."""
    rows = list(rows)
    counted = [row for row in rows if row.get("same_text", True)]
    values = [row["recall"] for row in counted]
    return {
        "files": len(rows),
        "same_text": len(counted),
        "mean_recall": round(sum(values) / len(values), 4) if values else None,
        "lowest_recall": min(values, default=None),
        "below": [row["file"] for row in counted if row["recall"] < below],
        "per_file": rows,
    }


def _table(result: dict[str, Any]) -> str:
    lines = ["recall  ceiling  kept    blocks  headings  tables  seconds  file"]
    for row in sorted(result["per_file"], key=lambda row: float(row["recall"])):
        if "error" in row:
            lines.append(f"{row['recall']:.4f}  {row['file']}: {row['error']}")
            continue
        ceiling, kept = (_share(row[name]) for name in ("ceiling", "kept"))
        note = "" if row["same_text"] else "  (its reference is another text)"
        lines.append(
            f"{row['recall']:.4f}  {ceiling}   {kept}  {row['blocks']:<6}  {row['headings']:<8}  "
            f"{row['tables']:<6}  {row['seconds']:<7}  {row['file']}{note}"
        )
    lines.append(
        f"{result['files']} pairs, {result['same_text']} of the same text: "
        f"mean {_share(result['mean_recall'])}, lowest {_share(result['lowest_recall'])}, "
        f"below the mark: {len(result['below'])}"
    )
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–     " if value is None else f"{value:.4f}"


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(prog="eval.bench_office", description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--below", type=float, default=0.97, help="files below this are named")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)

    def work() -> None:
        if not options.pairs.is_file():
            raise BadInput(f"{options.pairs}: no such file")
        result = summary(measure_pairs(options.pairs), options.below)
        shown = json.dumps(result, ensure_ascii=False, indent=2) if options.json else _table(result)
        print(shown)

    return exit_status("eval.bench_office", work)


if __name__ == "__main__":
    sys.exit(main())
