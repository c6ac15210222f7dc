"""Two simulated systems that a synchroniser can be tried between: a generic REST API and Squarespace's
Commerce APIs.

Each is stateful, keeps a request log, runs on a clock of its own, can be made to fail, and takes edits as
from a person who uses it. They import nothing of the code under test.
"""
