"""The sample portfolios that the package carries: one folder each."""
