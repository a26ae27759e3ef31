"""Contrastive training of static token vectors.

A text's vector is the mean of its tokens' vectors; both sides of a pair are pulled together
against the other pairs of the batch (InfoNCE, van den Oord et al. 2018, in both directions), at
several lengths of the vector at once (Matryoshka, Kusupati et al. 2022). A batch holds pairs of
one kind, so that the others are hard to tell apart; random tokens are left out of both sides, so
that no single word carries a pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.training.token_pairs import TokenPairs, Tokens, twins

Floats = npt.NDArray[np.float32]
Report = Callable[[str], None]

_SMALLEST_BATCH = 32


def train_vectors(
    start: Floats,
    pairs: TokenPairs,
    settings: dict[str, Any],
    weights: dict[str, float],
    report: Report,
) -> Floats:
    """Trained token vectors, shape of ``start``.

    Args:
        start: Vectors to begin with, shape ``(vocabulary, dimensions)``.
        pairs: What belongs together; batches do not mix kinds.
        settings: Table ``contrastive`` of the recipe.
        weights: How often pairs of a kind are seen in an epoch; 1 when not named.
        report: Called with one line an epoch.
    """
    import torch

    chooser = np.random.default_rng(settings["seed"])
    torch.manual_seed(settings["seed"])
    vectors = torch.nn.Parameter(torch.tensor(start))
    optimiser = torch.optim.Adam([vectors], lr=settings["learning_rate"], betas=(0.9, 0.99))
    schedule = [
        _epoch(pairs.kinds, weights, settings["batch"], chooser) for _ in range(settings["epochs"])
    ]
    steps = sum(len(batches) for batches in schedule)
    step = 0
    numbers = pairs.passage_numbers()
    for number, batches in enumerate(schedule, start=1):
        total = 0.0
        for batch in batches:
            step += 1
            warm = min(1.0, step / settings["warm_up_steps"])
            for group in optimiser.param_groups:
                group["lr"] = settings["learning_rate"] * warm * (1 - (step - 1) / steps)
            left, right = (
                _bags(vectors, [texts[i] for i in batch], settings["token_dropout"], chooser)
                for texts in (pairs.queries, pairs.passages)
            )
            loss = _loss(left, right, torch.from_numpy(twins(numbers[batch])), settings)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
        report(f"epoch {number}: loss {total / len(batches):.3f} over {len(batches)} batches")
    trained: Floats = vectors.detach().numpy()
    return trained


def _loss(left: Any, right: Any, no_answers: Any, settings: dict[str, Any]) -> Any:
    """Each text must find its pair among the batch, from either side and in every dimension."""
    import torch
    from torch.nn import functional

    target = torch.arange(len(left))
    loss = torch.zeros(())
    for size in settings["dimensions"]:
        a = functional.normalize(left[:, :size], dim=1)
        b = functional.normalize(right[:, :size], dim=1)
        similarity = (a @ b.T / settings["temperature"]).masked_fill(no_answers, -torch.inf)
        loss = loss + functional.cross_entropy(similarity, target)
        loss = loss + functional.cross_entropy(similarity.T, target)
    return loss / (2 * len(settings["dimensions"]))


def _epoch(
    kinds: Sequence[str], weights: dict[str, float], size: int, chooser: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Batches of pair numbers, each of one kind, in random order."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, kind in enumerate(kinds):
        members[kind].append(number)
    batches = []
    for kind, numbers in members.items():
        weight = weights.get(kind, 1.0)
        if weight <= 0:
            continue
        rounds = [chooser.permutation(numbers) for _ in range(int(np.ceil(weight)))]
        chosen = np.concatenate(rounds)[: int(len(numbers) * weight)]
        for begin in range(0, len(chosen), size):
            batch = chosen[begin : begin + size]
            if len(batch) >= min(_SMALLEST_BATCH, len(numbers), size):
                batches.append(batch)
    chooser.shuffle(batches)
    return batches


def _bags(
    vectors: Any, texts: Sequence[Tokens], dropout: float, chooser: np.random.Generator
) -> Any:
    """Mean vectors of texts, some tokens left out; shape ``(len(texts), dimensions)``."""
    import torch

    kept = [_some(text, dropout, chooser) for text in texts]
    offsets = np.cumsum([0, *(len(text) for text in kept[:-1])])
    return torch.nn.functional.embedding_bag(
        torch.from_numpy(np.concatenate(kept)), vectors, torch.from_numpy(offsets), mode="mean"
    )


def _some(text: Tokens, dropout: float, chooser: np.random.Generator) -> Tokens:
    mask = chooser.random(len(text)) >= dropout
    return text[mask] if mask.any() else text
