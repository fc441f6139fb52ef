"""The brief: gaps, voices, claims, coverage, changes, sources; as data, then as a page."""
