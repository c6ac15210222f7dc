"""`bothways serve`: the simulated systems alone, to connect anything by hand and explore."""
