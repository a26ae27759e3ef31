"""Questions for what a comparison showed: the sentence of the paper that tells it.

``patterns.toml`` says how such questions are read and how papers are worded, ``weights.toml`` what
each feature of a sentence is worth.
"""

from assistant.results.asked import Asked, read_comparison
from assistant.results.ranking import rank_results, wants_result, with_whole_papers

__all__ = ["Asked", "rank_results", "read_comparison", "wants_result", "with_whole_papers"]
