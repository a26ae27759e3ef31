"""What a follow-up changes of the inputs of a computation."""

from __future__ import annotations

from assistant.inputs.parse import parse_inputs
from assistant.inputs.requests import differing


def changed_inputs(base: str, change: str) -> frozenset[str]:
    """Names of the inputs that have another value once a change is made to a question.

    Example:
        >>> sorted(changed_inputs("均值差5，标准差12，双侧0.05，把握度90%，样本量", "把握度80%呢"))
        ['power']
    """
    return differing(parse_inputs(base), parse_inputs(f"{base},改为:{change}"))
