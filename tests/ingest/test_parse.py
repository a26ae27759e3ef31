from __future__ import annotations

import hashlib

import pytest

from ingest.chunking import ChunkSizes
from ingest.errors import BadInput, UnsupportedFormat
from ingest.loaders import FORMATS, Loaded, Source, register
from ingest.model import Block
from ingest.parse import parse_file

TEXT = "# 药品管理法\n\n第一条 为了加强药品管理，制定本法。\n\n" + "保证药品质量。" * 40
LONG = "The investigators enrolled patients with chronic heart failure at many sites. " * 80


def test_a_document_says_where_it_comes_from() -> None:
    data = TEXT.encode()
    document, chunks = parse_file(data, "法.md", "laws/法.md", "/data/laws/法.md")
    assert (document.path, document.source_path) == ("laws/法.md", "/data/laws/法.md")
    assert (document.media_type, document.size) == ("text/markdown", len(data))
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.metadata.title == "药品管理法"
    assert {chunk.document_id for chunk in chunks} == {document.id}


def test_the_same_bytes_at_the_same_path_give_the_same_ids() -> None:
    first = parse_file(TEXT.encode(), "a.md", "a.md", "/here/a.md")
    second = parse_file(TEXT.encode(), "a.md", "a.md", "/there/a.md")
    assert first[0].id == second[0].id
    assert [chunk.id for chunk in first[1]] == [chunk.id for chunk in second[1]]


def test_chunk_sizes_are_obeyed() -> None:
    sizes = ChunkSizes(target=32, limit=64, hard_limit=128)
    _, chunks = parse_file(TEXT.encode(), "a.md", "a.md", "a.md", sizes=sizes)
    assert max(chunk.tokens for chunk in chunks) <= 64


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv"])
def test_text_files_in_other_encodings(name: str, encoding: str) -> None:
    text = "药品,科室\n阿司匹林,心血管内科\n紫杉醇,肿瘤科\n"
    document, _ = parse_file(text.encode(encoding), name, name, name)
    assert "心血管内科" in "".join(block.text for block in document.blocks)


def load(source: Source) -> Loaded:
    """A loader, registered below, that leaves the tidying to others."""
    return Loaded([Block("paragraph", text) for text in source.data.decode().split("|")])


def test_control_characters_and_blanks_are_tidied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.loaders.FORMATS", dict(FORMATS))
    register("raw", "text/x-raw", (".raw",), __name__)
    data = "受试者\x7f的　 权益 | \u200b\u00ad |\n第二段。".encode()
    document, chunks = parse_file(data, "a.raw", "a.raw", "a.raw")
    assert [block.text for block in document.blocks] == ["受试者的 权益", "第二段。"]
    assert [chunk.text for chunk in chunks] == ["受试者的 权益\n第二段。"]


def test_a_document_of_blanks_holds_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.loaders.FORMATS", dict(FORMATS))
    register("raw", "text/x-raw", (".raw",), __name__)
    with pytest.raises(BadInput, match="no text was found"):
        parse_file("\u200b".encode(), "a.raw", "a.raw", "a.raw")


def test_a_wrong_ending_is_a_warning() -> None:
    document, _ = parse_file(TEXT.encode(), "a.pdf", "a.pdf", "a.pdf")
    assert document.media_type == "text/plain"
    assert "named .pdf but the content is plain text" in document.warnings[0]


def test_a_name_the_text_never_says_is_a_warning_and_no_label() -> None:
    document, _ = parse_file(LONG.encode(), "DAPA_notes.txt", "a.txt", "a.txt")
    assert document.metadata.doubtful_names == ("DAPA",)
    assert document.metadata.label == "notes"
    assert any("DAPA" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "the file is empty; nothing to index"),
        ("a.pdf", b" \n\t\n", "the file is empty; nothing to index"),
        ("a.md", b"---\ntitle: x\n---\n", "no text|empty"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 99, "damaged"),
    ],
)
def test_a_file_without_text_is_bad_input(name: str, data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        parse_file(data, name, name, name)


def test_an_unknown_format_is_unsupported() -> None:
    with pytest.raises(UnsupportedFormat):
        parse_file(b"text", "a.xyz", "a.xyz", "a.xyz")
