"""The sections of a feasibility report, one module each."""
