"""Squarespace's Commerce APIs: Inventory and Orders 1.0, Products v2."""

from bothways.sync.connectors.squarespace.connector import SquarespaceConnector

__all__ = ["SquarespaceConnector"]
