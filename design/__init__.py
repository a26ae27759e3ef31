"""Calculators for trial design: pure functions, no I/O, validated against published numbers.

The room is set aside and empty: no calculator has been built yet, and nothing pretends otherwise
(a request to compute is answered with the inputs it would need).
"""
