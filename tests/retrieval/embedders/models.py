"""Real models of a few words, written to a folder: random weights, everything else as usual."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

WORDS = ["知情", "同意", "受试者", "第十九条", "informed", "consent", "sae", "15", "日", "x"]
DIMENSIONS = 12
BERT_DIMENSIONS = 32
BERT_LONGEST = 40  # tokens


def small_tokenizer(longest: int | None = None) -> Any:
    """A unigram tokenizer: full width and case do not matter, what it does not know is a token."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    pieces = [("<unk>", 0.0), ("▁", -3.0), *((word, -2.0) for word in WORDS)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    if longest:
        tokenizer.enable_truncation(longest)
    return tokenizer


def random_vectors(seed: int = 0) -> Any:
    shape = (len(WORDS) + 2, DIMENSIONS)
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def write_static(folder: Path, seed: int = 0, longest: int | None = None) -> Path:
    """A folder as training writes it; needs neither torch nor sentence-transformers."""
    from retrieval.training.embedder import write_model

    vectors = random_vectors(seed)
    write_model(folder, small_tokenizer(longest), vectors, np.linalg.norm(vectors, axis=1))
    return folder


def write_library_static(folder: Path, seed: int = 0, **options: Any) -> Path:
    """A static embedding as sentence-transformers saves it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules

    static = modules.StaticEmbedding(small_tokenizer(), embedding_weights=random_vectors(seed))
    SentenceTransformer(modules=[static], device="cpu", **options).save(str(folder))
    return folder


def write_bert(folder: Path, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """A BERT with mean pooling as sentence-transformers saves it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    _write_transformer(folder / "bare", BertModel, seed)
    inner = Transformer(str(folder / "bare"))
    model = SentenceTransformer(modules=[inner, Pooling(BERT_DIMENSIONS)], device="cpu")
    model.save(str(folder / "saved"))
    if prompts:
        edit_json(folder / "saved" / "config_sentence_transformers.json", prompts=prompts)
    return folder / "saved"


def write_bare_bert(folder: Path) -> Path:
    """A BERT as transformers saves it, without anything of sentence-transformers."""
    from transformers import BertModel

    return _write_transformer(folder, BertModel, 0)


def write_cross_encoder(folder: Path, labels: int = 1, seed: int = 0) -> Path:
    """A BERT that gives ``labels`` scores for two texts."""
    from transformers import BertForSequenceClassification

    return _write_transformer(folder, BertForSequenceClassification, seed, num_labels=labels)


def edit_json(path: Path, **changes: Any) -> None:
    """Change keys of a JSON object in a file; ``None`` is written as null."""
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(content), encoding="utf-8")


def edit_weights(folder: Path, change: Any) -> None:
    """Put ``change(name, tensor)`` in the place of each tensor of a model folder."""
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    tensors = {name: change(name, tensor) for name, tensor in load_file(path).items()}
    save_file(tensors, path, metadata={"format": "pt"})


def _write_transformer(folder: Path, kind: Any, seed: int, **options: Any) -> Path:
    import torch
    from transformers import BertConfig, BertTokenizerFast

    folder.mkdir(parents=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [*special, *sorted(set("".join(WORDS))), "informed", "consent", ":", "query"]
    words = list(dict.fromkeys(words))
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=BERT_DIMENSIONS,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=BERT_LONGEST,
        # Random weights of the usual size would give nearly the same vector for any text.
        initializer_range=0.5,
        **options,
    )
    kind(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


class Turnstile:
    """Counts how many threads are inside a function at once."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self._inside, self.most = function, 0, 0

    def __call__(self, *given: Any, **named: Any) -> Any:
        self._inside += 1
        self.most = max(self.most, self._inside)
        time.sleep(0.01)
        try:
            return self._function(*given, **named)
        finally:
            self._inside -= 1


def run_together(work: Callable[[], object], threads: int = 6) -> None:
    """Run ``work`` in several threads at once."""
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
