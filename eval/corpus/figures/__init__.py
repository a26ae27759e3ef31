"""The figures of the corpus, drawn by our own code: ``python -m eval.corpus.figures``."""
