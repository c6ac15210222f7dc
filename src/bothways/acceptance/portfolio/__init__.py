"""Many checklists in one go: each is run as by itself, and a table says what came of all."""
