"""What makes and checks the starter corpus: tables from registry facts, the synthetic cohort.

The corpus itself holds no code. Each module is run by hand (``python -m eval.corpus.NAME``), writes
into ``corpus/`` and is deterministic, so that a change there can be traced to a change here.
"""
