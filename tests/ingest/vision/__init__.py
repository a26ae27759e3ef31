"""Tests of figure descriptions."""
