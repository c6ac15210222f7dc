"""A system on the generic REST contract, whatever its datatypes."""

from fakes.rest.system import RestSystem

__all__ = ["RestSystem"]
