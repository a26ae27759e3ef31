"""Randomisation: lists by blocks, simple, biased coin and urn; minimisation one by one.

A list is made by :func:`make_list` and sealed: what the protocol says of it names neither block
sizes nor seed, and a SHA-256 digest lets anyone check later that it was not changed.
"""

from design.randomisation.calculators import minimisation_assignment, randomisation_list
from design.randomisation.draws import Draws, fresh_seed
from design.randomisation.lists import Allocation, RandomisationList, make_list
from design.randomisation.minimisation import Assigned, Minimisation

__all__ = [
    "Allocation",
    "Assigned",
    "Draws",
    "Minimisation",
    "RandomisationList",
    "fresh_seed",
    "make_list",
    "minimisation_assignment",
    "randomisation_list",
]
