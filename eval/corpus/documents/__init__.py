"""Documents of the corpus, made of our notes and tables: ``python -m eval.corpus.documents``."""
