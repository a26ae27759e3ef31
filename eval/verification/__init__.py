"""Calibration of the verifier: on pairs of ours, on statements about trials, on findings."""
