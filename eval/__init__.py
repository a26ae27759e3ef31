"""Measuring: question sets of our own, checks that answers must pass, and benchmarks."""
