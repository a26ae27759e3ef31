"""Tests of the reports for curators."""
