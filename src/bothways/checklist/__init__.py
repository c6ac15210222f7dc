"""Checklists: what a dataflow checklist says, read from its document and checked for what it gets wrong."""
