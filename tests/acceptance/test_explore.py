"""`bothways serve`: the simulated systems alone, and the page beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bothways.acceptance.address import LOOPBACK, Address
from bothways.acceptance.explore.serving import Served, served
from bothways.errors import InputError
from bothways.mapping_file import load
from tests.acceptance.suite import LIBRARY, ROOT, environment


@pytest.fixture
def at() -> Iterator[Served]:
    with served(load(LIBRARY / "mappings/library_kiosk.yaml"), LOOPBACK) as where:
        yield where


def state(at: Served, key: str) -> dict[str, Any]:
    """What the page shows of a system."""
    systems = httpx.get(f"{at.page}/state").json()["systems"]
    found: dict[str, Any] = next(system for system in systems if system["key"] == key)
    return found


def ask(at: Served, key: str, path: str) -> httpx.Response:
    return httpx.get(at.urls[key] + path, headers={"Authorization": f"Bearer {at.tokens[key]}"})


def told(at: Served, path: str, /, **body: object) -> httpx.Response:
    return httpx.post(f"{at.page}/{path}", json=body)


def test_a_person_edits_a_record_and_sees_it(at: Served) -> None:
    assert told(at, "records", system="library", datatype="Book", fields={"title": "Emma"}).is_success
    [book] = state(at, "library")["records"]["Book"]
    assert book["record"]["title"] == "Emma"
    told(at, "records", system="library", datatype="Book", id=book["id"], fields={"title": "Persuasion"})
    assert ask(at, "library", f"/book/{book['id']}").json()["title"] == "Persuasion"
    told(at, "records", system="library", datatype="Book", id=book["id"])
    assert state(at, "library")["records"]["Book"] == []


def test_requests_and_faults_are_shown(at: Served) -> None:
    told(at, "faults", system="kiosk", kind="error_before", path="/entry")
    assert state(at, "kiosk")["to_come"] == ["error_before"]
    assert [ask(at, "kiosk", "/entry").status_code for _ in range(2)] == [500, 200]
    shown = state(at, "kiosk")
    assert (shown["to_come"], shown["happened"]) == ([], ["error_before"])
    assert [(one["request"], one["status"], one["fault"]) for one in shown["requests"]] == [
        ("GET /entry", 200, None),
        ("GET /entry", 500, "error_before"),
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"system": "kiosk", "kind": "flood"}),
        ("faults", {"system": "bar", "kind": "slow"}),
        ("records", {"system": "kiosk", "datatype": "Book", "fields": {}}),
        ("records", {"system": "kiosk", "datatype": "Entry", "id": "none"}),
        ("records", {"system": "kiosk", "datatype": "Entry"}),
    ],
)
def test_what_cant_be_done_is_told(at: Served, path: str, body: dict[str, Any]) -> None:
    answer = told(at, path, **body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_form_of_another_page_is_not_heard(at: Served) -> None:
    body = json.dumps({"system": "kiosk", "kind": "slow"})
    assert httpx.post(f"{at.page}/faults", content=body).status_code == 415
    assert state(at, "kiosk")["to_come"] == []


def test_a_port_that_is_taken_is_told(at: Served) -> None:
    port = httpx.URL(at.page).port
    taken = Address(public_url=f"http://127.0.0.1:{port}")
    with (
        pytest.raises(InputError, match=f"127.0.0.1:{port} can't be listened on"),
        served(load(LIBRARY / "mappings/library_kiosk.yaml"), taken),
    ):
        pass


def test_the_command_says_where_everything_is() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bothways", "serve", "--json", "--public-url", "http://127.0.0.1:18700"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        page = httpx.get(said["page"])
        process.terminate()
    assert list(said["systems"]) == ["webshop", "storefront"]
    assert "<title>Simulated systems</title>" in page.text
