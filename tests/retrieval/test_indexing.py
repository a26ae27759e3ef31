"""What is stored of a chunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval import indexing
from retrieval.analysis import VERSION, Analyser
from retrieval.embedders.static import TOKENIZER_FILE
from retrieval.indexing import analysis_version, embedding_text, prepare_chunks
from retrieval.lexical import count_terms
from retrieval.soft_match import LONGEST, SoftMatcher
from tests.retrieval.fixtures import MakeDocument


def test_title_and_headings_are_embedded_with_the_text(make_document: MakeDocument) -> None:
    parsed = make_document("# 规范\n\n## 第一章\n\n知情同意")
    text = embedding_text(parsed.document.metadata, parsed.chunks[0])
    assert text == "规范\n规范 第一章\n知情同意"


def test_text_and_headings_are_fields_of_their_own(
    make_document: MakeDocument, no_lexicon: Path
) -> None:
    parsed = make_document(
        "# 规范\n\n## 第一章\n\n知情同意\n\n## 第二章\n\n伦理", identifiers=["NCT1"]
    )
    found = prepare_chunks(no_lexicon, parsed.document.metadata, parsed.chunks)
    analyser = Analyser()
    names = analyser.terms(parsed.document.metadata.names)
    assert len(found) == len(parsed.chunks) == 2
    for terms, text, headings in zip(
        found, ("知情同意", "伦理"), ("规范 第一章", "规范 第二章"), strict=True
    ):
        for field, expected in (
            (terms.body, analyser.terms(text)),
            (terms.head, names + analyser.terms(headings)),
        ):
            counted = count_terms(expected)
            assert field.length == counted.length
            assert field.ids.tolist() == counted.ids.tolist()
            assert field.counts.tolist() == counted.counts.tolist()


def test_an_article_number_counts_among_the_headings_once(
    make_document: MakeDocument, no_lexicon: Path
) -> None:
    parsed = make_document("# 办法\n\n## 第三条\n\n知情同意")
    [chunk] = parsed.chunks
    assert embedding_text(parsed.document.metadata, chunk).count("第三条") == (
        chunk.text.count("第三条") + 1
    )


def test_tokens_are_those_of_what_is_embedded(
    make_document: MakeDocument, no_lexicon: Path
) -> None:
    parsed = make_document("# 规范\n\n## 第一章\n\n" + "知情同意书由受试者签署。" * 100)
    found = prepare_chunks(no_lexicon, parsed.document.metadata, parsed.chunks)
    texts = [embedding_text(parsed.document.metadata, chunk) for chunk in parsed.chunks]
    for terms, tokens in zip(found, SoftMatcher().tokens(texts), strict=True):
        np.testing.assert_array_equal(terms.tokens, tokens)
        assert 1 <= len(terms.tokens) <= LONGEST


def test_a_document_without_chunks_has_nothing(
    make_document: MakeDocument, no_lexicon: Path
) -> None:
    assert prepare_chunks(no_lexicon, make_document("# 题").document.metadata, []) == []


def test_the_version_follows_terms_and_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [analysis_version()]
    for content in (b"{}", b"{ }"):
        (tmp_path / TOKENIZER_FILE).write_bytes(content)
        monkeypatch.setattr(indexing, "BUNDLED", tmp_path)
        analysis_version.cache_clear()
        versions.append(analysis_version())
    monkeypatch.setattr(indexing, "VERSION", "99")
    analysis_version.cache_clear()
    versions.append(analysis_version())
    monkeypatch.undo()
    analysis_version.cache_clear()
    assert len(set(versions)) == 4
    assert versions[0].startswith(f"{VERSION}-") and versions[3].startswith("99-")
    assert analysis_version() == versions[0]
