"""The sourced record with two clocks: append, verify, total, changes, coverage."""
