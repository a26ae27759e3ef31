"""The index as a LangChain retriever."""

from __future__ import annotations

from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import RunnableLambda

from retrieval import Index, Searcher
from retrieval.embedders import Embedder
from retrieval.langchain import XinglinRetriever
from retrieval.lexicon import Lexicon


def test_it_finds_passages_with_their_place(
    corpus_index: Path, embedder: Embedder, lexicon: Lexicon
) -> None:
    retriever = XinglinRetriever(
        index=Index(corpus_index), searcher=Searcher(embedder, lexicon), k=3
    )
    found = retriever.invoke("医疗器械临床试验严重不良事件报告时限")
    assert len(found) == 3
    assert all("严重不良事件" in document.page_content for document in found)
    assert found[0].metadata["locator"]["section"]
    assert found[0].metadata["status"] == "effective"


def test_it_composes_with_other_runnables(
    corpus_index: Path, embedder: Embedder, lexicon: Lexicon
) -> None:
    retriever = XinglinRetriever(index=Index(corpus_index), searcher=Searcher(embedder, lexicon))
    titles = retriever | RunnableLambda(lambda found: [d.metadata["title"] for d in found])
    assert any("非劣效" in title for title in titles.invoke("非劣效界值"))


def test_the_bundled_embedder_is_a_langchain_embedder(embedder: Embedder) -> None:
    assert isinstance(embedder, Embeddings)
    assert len(embedder.embed_query("知情同意")) == embedder.dimensions
    assert embedder.embed_documents(["知情同意"]) == [embedder.embed_query("知情同意")]
