"""One contract for all systems, and a model small enough to be built in a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets import Text

CORPUS = {
    "cohort": Text("Cohort size", "The cohort size of the trial was six patients."),
    "dose": Text("Dose limiting toxicity", "A dose limiting toxicity stops the escalation."),
    "visit": Text("", "The screening visit took place four weeks before the first infusion."),
}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of six words, each with a direction of its own."""
    st = pytest.importorskip("sentence_transformers")
    modules = pytest.importorskip("sentence_transformers.sentence_transformer.modules")
    tokenizers = pytest.importorskip("tokenizers")
    np = pytest.importorskip("numpy")
    words = ["[UNK]", "cohort", "dose", "visit", "screening", "toxicity"]
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    weights = np.eye(len(words), dtype=np.float32)
    weights[0] *= 0.01  # words it does not know hardly count
    module = modules.StaticEmbedding(tokenizer, embedding_weights=weights)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    st.SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder
