"""Documents and blocks as JSON and Markdown, for the command line and for HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingest.model import Block, Table, to_json
from ingest.tables import notes_below
from retrieval import StoredDocument, View


def describe(view: View, document: StoredDocument, as_of: str) -> dict[str, Any]:
    """What is known of a document, with its status on a day."""
    metadata = document.metadata
    currency = view.currency[document.id]
    return {
        "id": document.id,
        "path": document.path,
        "title": document.title,
        "title_en": metadata.title_en,
        "kind": metadata.kind or "other",
        "status": currency.status(as_of),
        "issuer": metadata.issuer,
        "document_number": metadata.document_number,
        "issued": metadata.issued,
        "effective_from": currency.effective_from,
        "effective_to": currency.effective_to,
        "superseded_by": currency.superseded_by,
        "notice": currency.notice,
        "jurisdiction": metadata.jurisdiction,
        "language": metadata.language,
        "source": metadata.source,
        "verified": metadata.verified,
        "summary": metadata.summary,
        "keywords": list(metadata.keywords),
        "media_type": document.media_type,
        "size": document.size,
        "pages": document.pages,
        "blocks": document.blocks,
        "chunks": document.chunks,
        "sha256": document.sha256,
        "member": document.member,
        "added": document.added,
        "warnings": list(document.warnings),
    }


def block_json(ordinal: int, block: Block) -> dict[str, Any]:
    """A block with its number and place."""
    return {
        "ordinal": ordinal,
        "kind": block.kind,
        "text": block.text,
        "level": block.level,
        "locator": to_json(block.locator),
        "table": _table_json(block.table),
        "flags": list(block.flags),
    }


def _table_json(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {
        "rows": [list(row) for row in table.rows],
        "header_rows": table.header_rows,
        "caption": table.caption,
    }


def to_markdown(blocks: Iterable[Block]) -> str:
    """A document's text as Markdown; the text of every block stands in it verbatim or as cells."""
    parts: list[str] = []
    previous = ""
    for block in blocks:
        if block.kind == "heading":
            parts.append(f"{'#' * min(block.level or 1, 6)} {_one_line(block.text)}")
        elif block.kind == "table" and block.table and block.table.rows:
            parts.append(_markdown_table(block.table))
            parts += [notes] if (notes := notes_below(block)) else []
        elif block.kind == "code":
            parts.append(f"```\n{block.text}\n```")
        elif block.kind == "list_item":
            item = block.text if _has_marker(block.text) else f"- {block.text}"
            if previous == "list_item":
                parts[-1] += f"\n{item}"
            else:
                parts.append(item)
        else:
            parts.append(block.text)
        previous = block.kind
    return "\n\n".join(parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _has_marker(text: str) -> bool:
    return text[:1] in "-*•（(①②③④⑤⑥⑦⑧⑨⑩" or text[:1].isdigit() or text[1:2] in "、.．"


def _markdown_table(table: Table) -> str:
    rows = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in table.rows]
    head, body = (rows[0], rows[1:]) if table.header_rows else ([""] * len(rows[0]), rows)
    lines = [table.caption, ""] if table.caption else []
    lines.append("| " + " | ".join(head) + " |")
    lines.append("|" + " --- |" * len(head))
    lines += ["| " + " | ".join(row) + " |" for row in body]
    return "\n".join(lines)
