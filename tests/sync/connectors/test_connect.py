"""How a connector for a contract is found."""

from __future__ import annotations

import httpx
import pytest

from bothways.errors import SyncError
from bothways.mapping import System
from bothways.sync.connectors import Setup, connect
from bothways.sync.connectors.rest import RestConnector
from bothways.sync.connectors.squarespace import SquarespaceConnector
from fakes.clock import SimulatedClock


def setup(contract: str) -> Setup:
    system = System(name="", label="till", contract=contract, datatypes={})
    return Setup(system, "https://till.test", "token", httpx.AsyncClient(), SimulatedClock())


@pytest.mark.parametrize(
    ("contract", "connector"), [("rest", RestConnector), ("squarespace", SquarespaceConnector)]
)
def test_a_contract_has_its_connector(contract: str, connector: type) -> None:
    assert isinstance(connect(setup(contract)), connector)


def test_a_contract_that_nobody_speaks_is_refused_by_name() -> None:
    with pytest.raises(SyncError) as unknown:
        connect(setup("fax"))
    assert str(unknown.value) == "the till's contract 'fax' has no connector"
