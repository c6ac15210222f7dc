"""How fast everything is: what `make bench` measures, and against whom."""
