"""The revisions, in order: their numbers are the numbers of the schemas."""
