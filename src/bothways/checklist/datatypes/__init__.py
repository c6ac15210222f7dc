"""Data types as checklists declare them: cells of the data type column, read, run, and run backwards."""
