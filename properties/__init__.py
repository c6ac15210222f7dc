"""Property tests: an independent oracle, a simulation of engine, systems and clock, and what they find."""
