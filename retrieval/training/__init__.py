"""Training of what retrieval ships: the bundled embedder and the ranking weights.

    python -m retrieval.training embedder --material ../shared
    python -m eval.tune_ranking DATASET_DIR... --write

Needs the ``train`` extra; nothing here is imported when searching. ``docs/training.md`` tells more.
``questions/`` holds our own questions, each with a pointer to the passage that answers it (the
passages themselves are not ours and stay in the material folder); ``pairs/`` holds pairs of texts
written for this purpose; ``recipe.toml`` the settings of the runs.
"""
