"""Decisions: pure functions and tables. Standard library only; no row, no clock, no await."""
