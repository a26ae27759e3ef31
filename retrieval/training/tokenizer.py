"""The sub-word tokenizer of the bundled embedder.

A unigram model (Kudo 2018, "Subword Regularization") trained by SentencePiece and stored in the
``tokenizer.json`` format. Its normaliser does in one pass what search folding does to characters:
compatibility forms (NFKC), lower case, traditional to simplified Chinese. So whoever loads the
model with sentence-transformers gets the same vectors from the same text.
"""

from __future__ import annotations

import io
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from retrieval.normalise import simplified
from retrieval.training.errors import TrainingError

_FIRST_CJK = "\u3400"


def character_rules() -> Iterator[tuple[str, str]]:
    """Each character that is written otherwise in the normalised text, with its replacement."""
    for code in range(0x20, sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        if category in {"Cn", "Co", "Cs"}:
            continue
        if category in {"Zs", "Cc", "Zl", "Zp"}:
            normal = " "
        else:
            normal = unicodedata.normalize("NFKC", character).lower()
            normal = unicodedata.normalize("NFKC", normal)
            if any(c >= _FIRST_CJK for c in normal):
                normal = simplified(normal)
        if normal != character:
            yield character, normal


def train_tokenizer(texts: Sequence[str], settings: dict[str, Any]) -> Any:
    """A ``tokenizers.Tokenizer`` with a vocabulary for these texts.

    Args:
        texts: What the vocabulary is counted on.
        settings: Table ``tokenizer`` of the recipe.

    Raises:
        TrainingError: The texts are too few for so large a vocabulary.
    """
    import sentencepiece
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    model = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.tsv"
        rules.write_text(
            "".join(f"{_codes(old)}\t{_codes(new)}\n" for old, new in character_rules()),
            encoding="ascii",
        )
        try:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=iter(texts),
                model_writer=model,
                vocab_size=settings["vocabulary"],
                model_type="unigram",
                normalization_rule_tsv=str(rules),
                character_coverage=settings["coverage"],
                max_sentencepiece_length=settings["longest_piece"],
                input_sentence_size=settings["sentences"],
                shuffle_input_sentence=True,
                max_sentence_length=6000,
                bos_id=-1,
                eos_id=-1,
                unk_id=0,
                num_threads=2,
                minloglevel=2,
            )
        except RuntimeError as error:
            raise TrainingError(
                f"{len(texts)} texts give no vocabulary of {settings['vocabulary']} pieces; change "
                f"tokenizer.vocabulary of the recipe ({str(error).rpartition('] ')[2].strip()})"
            ) from error
    from sentencepiece import sentencepiece_model_pb2

    learned = sentencepiece_model_pb2.ModelProto()
    learned.ParseFromString(model.getvalue())
    tokenizer = Tokenizer(models.Unigram([(p.piece, p.score) for p in learned.pieces], unk_id=0))
    tokenizer.normalizer = normalizers.Precompiled(learned.normalizer_spec.precompiled_charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    return tokenizer


def _codes(text: str) -> str:
    """Code points in hexadecimal, as SentencePiece reads its rules."""
    return " ".join(f"{ord(character):X}" for character in text)
