"""Who gives what, when, by which route: problem, master, conditions, explanation, check."""
