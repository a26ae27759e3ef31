"""Second stage of training: token vectors for soft matching as well.

Soft matching (:mod:`retrieval.soft_match`) asks more of a token's vector than the mean of a text
does: the nearest tokens must be right one by one, and each token of a question needs to know how
much it counts. Both aims are trained together (the late interaction of Khattab & Zaharia 2020 with
static vectors), so that one table serves both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.training.contrastive import Floats, Report
from retrieval.training.token_pairs import TokenPairs, Tokens, twins

_REPORT_EVERY = 500  # steps
_SHORTEST = 0.05  # importance, as a share of the median, that a token starts with at least
_IMPORTANCE_RATE = 5  # its learning rate against that of the vectors


def train_interaction(
    start: Floats,
    pairs: TokenPairs,
    settings: dict[str, Any],
    weights: dict[str, float],
    report: Report,
) -> tuple[Floats, Floats]:
    """Trained vectors, shape of ``start``, and the importance of each token, ``(vocabulary,)``.

    Args:
        start: Vectors to begin with, shape ``(vocabulary, dimensions)``.
        pairs: What belongs together; batches do not mix kinds.
        settings: Table ``interaction`` of the recipe.
        weights: How often pairs of a kind are drawn, against their number.
        report: Called with a line now and then.
    """
    import torch

    chooser = np.random.default_rng(settings["seed"])
    torch.manual_seed(settings["seed"])
    vectors = torch.nn.Parameter(torch.tensor(start))
    importance = torch.nn.Parameter(torch.tensor(_start_importance(start)))
    rates = (settings["learning_rate"], settings["learning_rate"] * _IMPORTANCE_RATE)
    optimiser = torch.optim.Adam([{"params": [vectors]}, {"params": [importance]}])
    draw = BatchDrawer(pairs.kinds, weights, settings["batch"], chooser)
    numbers = pairs.passage_numbers()
    total = 0.0
    for step in range(1, settings["steps"] + 1):
        warm = min(1.0, step / settings["warm_up_steps"])
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * warm * (1 - (step - 1) / settings["steps"])
        batch = draw.batch()
        asked, text = (
            _padded([_some(texts[i], settings, chooser) for i in batch])
            for texts in (pairs.queries, pairs.passages)
        )
        loss = _loss(vectors, importance, asked, text, twins(numbers[batch]), settings)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
        if step % _REPORT_EVERY == 0:
            report(f"step {step}: loss {total / _REPORT_EVERY:.3f}")
            total = 0.0
    learned: Floats = np.exp(importance.detach().numpy())
    trained: Floats = vectors.detach().numpy()
    return trained, learned


def _loss(
    vectors: Any,
    importance: Any,
    asked: tuple[Any, Any],
    text: tuple[Any, Any],
    no_answers: npt.NDArray[np.bool_],
    settings: dict[str, Any],
) -> Any:
    """Each question must find its passage by soft matching; the reverse, and both by the cosine of
    means, count half as much. Sides are token ids and which of them are there.
    """
    import torch
    from torch.nn import functional

    target = torch.arange(len(no_answers))
    excluded = torch.from_numpy(no_answers)
    soft, whole = _similarities(vectors, importance, asked, text)
    soft = (soft / settings["soft_temperature"]).masked_fill(excluded, -torch.inf)
    whole = (whole / settings["temperature"]).masked_fill(excluded, -torch.inf)
    loss = functional.cross_entropy(soft, target)
    loss = loss + functional.cross_entropy(soft.T, target) / 2
    loss = loss + functional.cross_entropy(whole, target) / 2
    return loss + functional.cross_entropy(whole.T, target) / 2


def _similarities(
    vectors: Any, importance: Any, asked: tuple[Any, Any], text: tuple[Any, Any]
) -> tuple[Any, Any]:
    """Soft matching and the cosine of means of each question with each passage, ``(B, B)``."""
    import torch
    from torch.nn import functional

    (asked_ids, asked_there), (text_ids, text_there) = asked, text
    # Only the tokens of the batch are compared, each pair of them once.
    used, place = torch.unique(
        torch.cat([asked_ids.flatten(), text_ids.flatten()]), return_inverse=True
    )
    table = vectors[used]
    unit = functional.normalize(table, dim=1)
    asked_place = place[: asked_ids.numel()].view(asked_ids.shape)
    text_place = place[asked_ids.numel() :].view(text_ids.shape)
    cosines = (unit @ unit.T)[asked_place.flatten()][:, text_place.flatten()]
    cosines = cosines.view(*asked_ids.shape, *text_ids.shape)
    nearest = cosines.masked_fill(~text_there, -1.0).amax(dim=-1)
    share = torch.exp(importance[asked_ids]) * asked_there
    share = share / share.sum(dim=1, keepdim=True)
    left = functional.normalize(_mean(table, asked_place, asked_there), dim=1)
    right = functional.normalize(_mean(table, text_place, text_there), dim=1)
    return (nearest * share[:, :, None]).sum(dim=1), left @ right.T


def _start_importance(vectors: Floats) -> Floats:
    """Logarithm of each vector's length against the median: training made telling tokens long."""
    lengths = np.linalg.norm(vectors, axis=1)
    relative = lengths / np.median(lengths[lengths > 0])
    start: Floats = np.log(np.maximum(relative, _SHORTEST)).astype(np.float32)
    return start


class BatchDrawer:
    """Draws batches of pairs of one kind, kinds by their number and weight.

    (Batches of near passages, which are harder to tell apart, made no difference that could be
    measured.)
    """

    def __init__(
        self,
        kinds: Sequence[str],
        weights: dict[str, float],
        size: int,
        chooser: np.random.Generator,
    ) -> None:
        self._chooser = chooser
        self._size = size
        names = np.array(kinds)
        self._members = [np.flatnonzero(names == kind) for kind in sorted(set(kinds))]
        shares = np.array([len(m) * weights.get(kinds[m[0]], 1.0) for m in self._members])
        self._shares = shares / shares.sum()

    def batch(self) -> npt.NDArray[np.int64]:
        """Pair numbers, distinct."""
        pool = self._members[self._chooser.choice(len(self._members), p=self._shares)]
        return self._chooser.choice(pool, size=min(self._size, len(pool)), replace=False)


def _some(text: Tokens, settings: dict[str, Any], chooser: np.random.Generator) -> Tokens:
    """Distinct tokens of a text, some left out."""
    kept = text[chooser.random(len(text)) >= settings["token_dropout"]]
    return np.unique(kept if len(kept) else text)


def _padded(texts: Sequence[Tokens]) -> tuple[Any, Any]:
    """Token ids and which of them are there, both of shape ``(len(texts), longest)``."""
    import torch

    longest = max(len(text) for text in texts)
    ids = np.zeros((len(texts), longest), dtype=np.int64)
    there = np.zeros(ids.shape, dtype=bool)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        there[row, : len(text)] = True
    return torch.from_numpy(ids), torch.from_numpy(there)


def _mean(table: Any, place: Any, there: Any) -> Any:
    """Mean vectors of padded texts."""
    return (table[place] * there[..., None]).sum(dim=1) / there.sum(dim=1, keepdim=True)
