"""The nouns, frozen and without side effects; reference tables as data."""
