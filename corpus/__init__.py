"""What Xinglin knows out of the box: notes, the lexicon and the register of superseded rules.

Holds data only. ``corpus/README.md`` says how a source enters, is checked and is retired.
"""
