"""The core with one known fault each (fault seeding), named after the catalogue: what a suite must notice."""
