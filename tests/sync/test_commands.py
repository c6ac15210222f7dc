"""The commands that run the core, against served systems: what they print, and how they end."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from bothways.acceptance.evidence import Evidence
from bothways.sync.store import Store
from bothways.sync.tables import SCHEMA
from fakes.log import Exchange
from tests.sync.conftest import MAPPING
from tests.sync.console import Console, first, opened
from tests.sync.shop import TOKENS, Shop


@pytest.fixture
def console(shop: Shop, tmp_path: Path) -> Iterator[Console]:
    with opened(shop, f"sqlite:///{tmp_path / 'state.sqlite'}", MAPPING) as console:
        yield console


def one_line(result: Result) -> str:
    """What a command that could not run says."""
    assert result.exit_code == 3, result.output
    assert "Traceback" not in result.output
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("bothways: ")]
    return line.removeprefix("bothways: ")


# -- sync


def test_a_clean_cycle_ends_with_0_and_tells_its_figures(console: Console) -> None:
    console.shop.add_product("a")
    result = console.sync("--json")
    assert result.exit_code == 0
    figures = json.loads(result.stdout)
    assert (figures["updates"], figures["created"], figures["held"], figures["failing"]) == (1, 1, 0, 0)
    assert figures["requests"] == len(console.shop.webshop.log) + len(console.shop.storefront.log)
    event = json.loads(result.stderr)
    assert (event["event"], event["level"], event["created"]) == ("cycle", "info", 1)


def test_what_the_bulk_change_limit_holds_ends_with_1_until_it_is_allowed(
    console: Console, tmp_path: Path
) -> None:
    console.mapping = tmp_path / "mapping.yaml"
    limit = "bulk_limit: {factor: 0, count: 1, day_factor: 0}"
    text = MAPPING.read_text(encoding="utf-8")
    limited = text.replace("bulk_limit: {factor: 0.5, count: 100, day_factor: 1.0}", limit)
    assert limited != text
    console.mapping.write_text(limited, encoding="utf-8")
    console.shop.add_product("first")
    assert console.sync().exit_code == 0
    for sku in ("a", "b", "c"):
        console.shop.add_product(sku)
    console.shop.clock.advance(60)
    held = console.sync("--json")
    assert (held.exit_code, json.loads(held.stdout)["held"]) == (1, 3)
    assert len(console.shop.storefront.ids("Inventory")) == 1
    assert console.sync("--allow-bulk").exit_code == 0
    assert len(console.shop.storefront.ids("Inventory")) == 4


def test_a_failing_record_ends_with_2_and_is_listed_with_its_reason(console: Console) -> None:
    bad = console.shop.add_product("euro")
    console.shop.webshop.edit("Product", bad, {"price": {"amount": "1.00", "currency": "EUR"}})
    console.shop.add_product("good")
    assert console.sync().exit_code == 2
    assert len(console.shop.storefront.ids("Inventory")) == 1
    (failing,) = console.json("status")["failing"]
    assert (failing["id"], failing["tries"]) == (bad, 1)
    assert "EUR can't be held, only USD" in failing["reason"]
    shown = console.run("status", "--state", console.state)
    assert "EUR can't be held, only USD" in shown.stdout


def test_a_dry_run_tells_what_would_be_written_and_changes_nothing(console: Console) -> None:
    console.shop.add_product("a")
    console.sync()
    console.shop.clock.advance(60)
    product = console.shop.add_product("b")
    console.shop.add_order("W1", "a")
    before, writes = console.shop.contents(), console.shop.writes
    planned = console.sync("--dry-run", "--json")
    assert planned.exit_code == 0
    rows = {row["datatype"]: row for row in json.loads(planned.stdout)["planned"]}
    assert rows["Sesamproducts"]["kind"] == "create"
    assert rows["Sesamproducts"]["body"]["variants.sku"] == "b"
    assert rows["Order"]["body"]["customerEmail"] == "(redacted)"
    assert "ada@example.org" not in console.sync("--dry-run").output
    assert (console.shop.contents(), console.shop.writes) == (before, writes)
    assert console.run("explain", "webshop", "Product", product, "--state", console.state).exit_code == 3
    assert json.loads(console.sync("--json").stdout)["created"] == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--every", "0s"], "'0s' is no duration such as 30s, 5m or 1h"),
        (["--every", "5"], "'5' is no duration such as 30s, 5m or 1h"),
        (["--every", "5s", "--once"], "--every goes with neither --once nor --dry-run"),
        (["--every", "5s", "--listen", "nowhere"], "'nowhere' is no HOST:PORT"),
        (["--listen", "127.0.0.1:1"], "--listen needs --every"),
    ],
)
def test_bad_arguments_end_with_3_and_one_line(console: Console, options: list[str], reason: str) -> None:
    assert reason in one_line(console.sync(*options))


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"BOTHWAYS_TOKEN_WEBSHOP": ""}, "the environment lacks BOTHWAYS_TOKEN_WEBSHOP"),
        ({"BOTHWAYS_URL_WEBSHOP": "shop"}, "BOTHWAYS_URL_WEBSHOP is no URL such as"),
        ({"BOTHWAYS_TOKEN_WEBSHOP": "wrong"}, "the webshop refuses our credentials: 401"),
        ({"BOTHWAYS_TOKEN_STOREFRONT": "wrong"}, "the storefront refuses our credentials: 401"),
        ({"BOTHWAYS_URL_STOREFRONT": "http://127.0.0.1:9"}, "the storefront doesn't answer GET"),
    ],
)
def test_systems_that_can_not_be_reached_end_with_3_and_one_line(
    console: Console, environment: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bothways.sync.connectors.http.PAUSES", ())  # by wall time they take 20 s
    console.shop.add_product("a")
    assert reason in one_line(console.sync(**environment))
    assert console.shop.writes == 0
    assert console.sync().exit_code == 0  # nothing was lost
    assert console.shop.quantity("a") == 5


def test_a_contract_without_a_connector_ends_with_3_and_one_line(console: Console, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(console.mapping.read_text().replace("contract: rest", "contract: soap"))
    reason = "the webshop's contract 'soap' has no connector"
    assert reason in one_line(replace(console, mapping=mapping).sync())


def test_a_newer_state_ends_with_3_and_one_line(console: Console) -> None:
    console.sync()
    store = Store(console.state)
    with store.transaction():
        store.set_note("schema", str(SCHEMA + 1))
    store.close()
    assert f"the state has schema {SCHEMA + 1}" in one_line(console.sync())
    assert f"the state has schema {SCHEMA + 1}" in one_line(console.run("status", "--state", console.state))


def test_a_state_that_another_engine_holds_ends_with_3_and_one_line(console: Console) -> None:
    store = Store(console.state)
    with store.lock():
        assert one_line(console.sync()) == "another engine is running a cycle on this state"
    store.close()
    assert console.sync().exit_code == 0


def test_asking_a_state_that_is_not_there_makes_none(console: Console, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.sqlite"
    assert "there is no state at" in one_line(console.run("status", "--state", f"sqlite:///{missing}"))
    assert not missing.exists()


@pytest.mark.proves("S31")
def test_no_secret_is_printed_logged_or_kept(
    console: Console, evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bothways.sync.connectors.http.PAUSES", ())
    console.shop.add_product("a")
    console.shop.add_order("W1", "a")
    secret = {"BOTHWAYS_WEBHOOK_SECRET_WEBSHOP": "whsec_c2VjcmV0"}
    outputs = [
        console.sync(**secret).output,
        console.sync(BOTHWAYS_TOKEN_WEBSHOP=f"{TOKENS['webshop']}x", **secret).output,
        console.sync(BOTHWAYS_URL_WEBSHOP=f"http://ada:{TOKENS['webshop']}@127.0.0.1:9", **secret).output,
        console.run("status", "--state", console.state).output,
        console.run("reconcile", "--mapping", str(console.mapping)).output,
        *(path.read_bytes().decode(errors="replace") for path in tmp_path.glob("state.sqlite*")),
    ]
    evidence.holds(len(outputs) > 5 and all(outputs[:5]), "there is something to look through", len(outputs))
    for name in (*TOKENS.values(), "whsec_c2VjcmV0"):
        evidence.same([], [text for text in outputs if name in text], "outputs and files that hold a secret")


# -- stopping


def test_sigterm_between_two_cycles_ends_the_service_as_the_last_cycle_ended(console: Console) -> None:
    console.shop.add_product("a")
    with console.start("--every", "1h") as engine:
        first(engine, "cycle")
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(20) == 0
    assert console.shop.quantity("a") == 5


def test_sigterm_within_a_cycle_stops_at_a_safe_point_and_the_next_takes_up(console: Console) -> None:
    for number in range(3):
        console.shop.add_product(f"s{number}")
        console.shop.add_order(f"W{number}", f"s{number}")
    engines: list[subprocess.Popen[str]] = []

    def stop_it(exchange: Exchange) -> None:
        if exchange.writes:
            engines[0].send_signal(signal.SIGTERM)

    console.shop.storefront.faults.on_request.append(stop_it)
    with console.start() as engine:
        engines.append(engine)
        assert first(engine, "stopped")["reason"].startswith("stopped at a safe point")
        assert engine.wait(20) == 130
    console.shop.storefront.faults.on_request.clear()
    written = console.shop.writes
    assert written == 1  # what was under way, and nothing after it
    assert console.json("status")["unknown"] == []
    assert console.sync().exit_code == 0
    assert len(console.shop.storefront.ids("Inventory")) == 3
    assert len(console.shop.storefront.ids("Order")) == 3


# -- explain, retry, reconcile


def test_explain_tells_what_won_what_lost_and_why(console: Console) -> None:
    product = console.shop.add_product("a")
    console.sync()
    console.shop.clock.advance(60)
    console.shop.storefront.edit("Sesamproducts", console.shop.variant("a"), {"name": "Mug"})
    console.shop.clock.advance(60)
    console.sync()
    found = console.json("explain", "webshop", "Product", product, "name")
    name = found["properties"]["name"]
    assert (name["value"], name["where"].split()[0]) == ("Mug", "storefront")
    assert [edit["value"] for edit in name["beat"]] == ["Cup a"]
    assert name["why"] == "made where the other was already shown"
    unknown = console.run("explain", "webshop", "Product", product, "colour", "--state", console.state)
    assert "has no property 'colour'" in one_line(unknown)


def test_retry_lets_the_next_cycle_try_again_what_rests(console: Console) -> None:
    bad = console.shop.add_product("euro")
    console.shop.webshop.edit("Product", bad, {"price": {"amount": "1.00", "currency": "EUR"}})

    def tries() -> int:
        console.sync()
        return int(console.json("status")["failing"][0]["tries"])

    assert [tries(), tries()] == [1, 1]  # it rests
    assert console.json("retry") == {"retried": 1}
    assert tries() == 2


def test_reconcile_tells_what_is_here_there_or_different(console: Console) -> None:
    shop = console.shop
    shop.add_product("alike")
    edited = shop.add_product("different")
    assert console.sync().exit_code == 0
    shop.webshop.edit("Product", edited, {"name": "Other"})
    only_here = shop.add_product("here")
    only_there = shop.add_variant("there")
    writes = shop.writes
    result = console.run("reconcile", "--mapping", str(console.mapping), "--json")
    assert (result.exit_code, shop.writes) == (1, writes)
    _, _, products = json.loads(result.stdout)["flows"]
    assert (products["source"]["count"], products["target"]["count"], products["matched"]) == (3, 3, 2)
    assert products["only_source"] == [{"id": only_here, "key": "here"}]
    assert products["only_target"] == [{"id": only_there, "key": "there"}]
    (difference,) = products["differences"]
    assert (difference["property"], difference["source"], difference["target"]) == (
        "name",
        "Other",
        "Cup different",
    )
    lines = console.run("reconcile", "--mapping", str(console.mapping), "--csv").stdout.splitlines()
    assert len(lines) == 1 + 5  # a heading, two of Inventory, three of Sesamproducts
    assert f"webshop.Product,storefront.Sesamproducts,only in source,here,{only_here},,,," in lines
    assert "Other" in console.run("reconcile", "--mapping", str(console.mapping)).stdout


def test_reconcile_ends_with_0_where_both_sides_are_alike(console: Console) -> None:
    console.shop.add_product("a")
    console.shop.add_order("W1", "a")
    console.sync()
    assert console.run("reconcile", "--mapping", str(console.mapping)).exit_code == 0
