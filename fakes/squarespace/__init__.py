"""Squarespace's Commerce APIs: Inventory 1.0, Orders 1.0, Products v2, store pages and webhooks."""

from fakes.squarespace.switches import Switches
from fakes.squarespace.system import SquarespaceSystem

__all__ = ["SquarespaceSystem", "Switches"]
