"""What a failure leaves behind can be run again, exactly; and what was found once stays mended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bothways.errors import InputError
from properties import kept
from properties.events import Create, Cycle, During, Edit, Settle, Wait
from properties.replay import replay
from properties.scenes import WEBSHOP
from properties.shrink import breaches
from properties.simulation import Factory

ROOT = Path(__file__).parent.parent
FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))
HISTORY = [
    Create(
        "a",
        "webshop.Product",
        {"sku": "K-1", "name": "first", "price": {"amount": "1.00", "currency": "USD"}},
    ),
    Cycle(during=(During(3, fault="drop_after_commit"),)),
    Wait(2.5),
    Edit("a", "storefront.Sesamproducts", "name", "Amélie"),
    Cycle(
        during=(During(2, event=Edit("a", "webshop.Product", "name", None)), During(4, fault="kill_after"))
    ),
    Settle(),
]
LOG_OF = """
import hashlib, sys, pathlib
from bothways.acceptance import engines
from properties import kept
from properties.shrink import run
scene, history = kept.load(pathlib.Path(sys.argv[1]))
with run(scene, engines.parse("core").factory(), history) as simulation:
    print(hashlib.sha256(simulation.request_log()).hexdigest(), simulation.request_log().count(b"\\n"))
"""


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
def test_what_was_found_once_stays_mended(file: Path, factory: Factory) -> None:
    scene, history = kept.load(file)
    assert breaches(scene, factory, history) == []


def test_a_kept_list_is_the_same_list(tmp_path: Path) -> None:
    kept.save(tmp_path / "list.json", WEBSHOP, HISTORY)
    assert kept.load(tmp_path / "list.json") == (WEBSHOP, HISTORY)


def test_two_processes_send_the_same_requests_byte_for_byte(tmp_path: Path) -> None:
    kept.save(tmp_path / "list.json", WEBSHOP, HISTORY)
    told = [_log_of(tmp_path / "list.json", hash_seed) for hash_seed in ("1", "2")]
    assert told[0] == told[1]
    assert int(told[0].split()[1]) > 20


def test_replay_says_that_no_rule_is_broken(tmp_path: Path, factory: Factory) -> None:
    kept.save(tmp_path / "list.json", WEBSHOP, HISTORY)
    held, said = replay(tmp_path / "list.json", factory)
    assert held
    assert said.endswith("no rule is broken")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"scene": "nowhere", "events": []}', '{"scene": "custom_webshop"}']
)
def test_another_file_is_refused(text: str, tmp_path: Path, factory: Factory) -> None:
    (tmp_path / "list.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"list\.json"):
        replay(tmp_path / "list.json", factory)


def _log_of(file: Path, hash_seed: str) -> str:
    ended = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", LOG_OF, str(file)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout
