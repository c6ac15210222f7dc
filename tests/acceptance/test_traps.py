"""Ways in which pytest-bdd and respx turn a suite green, each first shown to be real, then shown to be closed.

Each test lays the same trap twice: for pytest-bdd alone, which passes, and in a suite of ours, where the item must
not be PASS and plain pytest must fail.
"""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import httpx
import pytest
import respx

from bothways.acceptance.record import Record
from bothways.acceptance.verdict import Verdict
from fakes.clock import SimulatedClock, SystemClock
from fakes.faults import Fault
from fakes.mount import router
from fakes.rest import RestSystem
from fakes.store import Ids
from tests.acceptance.bare import run_bare
from tests.acceptance.suite import BOOKS, CHECKLIST, ENGINE, STEPS, Ended, Suite, start


def assert_closed(suite: Suite, item: str, reason: str) -> Ended:
    """The run doesn't accept `item`, says why, and plain pytest fails."""
    ended = suite.run()
    assert ended.code in (1, 2), ended.out
    assert ended.item(item)["verdict"] == "UNPROVEN", ended.out
    assert reason in ended.item(item)["reason"]
    assert suite.pytest().code == pytest.ExitCode.TESTS_FAILED
    return ended


def test_1_an_async_step_passes_whatever_it_asserts(tmp_path: Path, suite: Suite) -> None:
    bare = run_bare(
        tmp_path / "bare",
        """
        Feature: bare
          Scenario: nothing holds
            Then it holds
        """,
        """
        @then("it holds")
        async def it_holds():
            assert False
        """,
    )
    assert len(bare.passed) == 1

    suite.add(STEPS, '\n\n@then("nobody waits for this")\nasync def waits() -> None:\n    assert False\n')
    suite.add(BOOKS, "\n  @1.1\n  Scenario: Unawaited\n    Then nobody waits for this\n")
    assert_closed(suite, "1.1", "an async def step is never run: library.py:")


def test_2_of_two_scenarios_with_one_name_one_never_runs(tmp_path: Path, suite: Suite) -> None:
    bare = run_bare(
        tmp_path / "bare",
        """
        Feature: bare
          Scenario: twice
            Then it fails
          Scenario: twice
            Then it holds
        """,
        """
        @then("it holds")
        def it_holds(): pass

        @then("it fails")
        def it_fails(): assert False
        """,
    )
    assert len(bare.passed) == 1
    assert not bare.failed

    suite.add(
        BOOKS, '\n  @1.2\n  Scenario: A new Book gets an Entry\n    Given a Book "Emma" on shelf "A1"\n'
    )
    assert_closed(suite, "1.1", "another scenario of this feature has the same name (line 29)")


def test_3_a_scenario_without_steps_passes(tmp_path: Path, suite: Suite) -> None:
    bare = run_bare(tmp_path / "bare", "Feature: bare\n  Scenario: empty\n", "")
    assert len(bare.passed) == 1

    suite.add(BOOKS, "\n  @1.1\n  Scenario: Nothing to do\n")
    assert_closed(suite, "1.1", "a scenario without steps")


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        ("", "an outline without examples"),
        ("\n    Examples:\n      | value |\n", "examples without rows"),
    ],
)
def test_3_an_outline_without_rows_passes(tmp_path: Path, suite: Suite, examples: str, reason: str) -> None:
    outline = '  Scenario Outline: The value <value>\n    Then the value is "<value>"\n' + examples
    bare = run_bare(
        tmp_path / "bare",
        "Feature: bare\n" + outline,
        """
        @then(parsers.parse('the value is "{value}"'))
        def is_(value): assert value
        """,
    )
    assert len(bare.passed) == 1

    suite.add(BOOKS, "\n  @1.1\n" + outline)
    assert_closed(suite, "1.1", reason)


def test_4_a_feature_that_nothing_binds_is_not_collected(tmp_path: Path, suite: Suite) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "forgotten.feature").write_text("Feature: f\n  Scenario: s\n    Then it fails\n")
    bare = run_bare(
        tmp_path / "bare", "Feature: bare\n  Scenario: s\n    Then ok\n", '@then("ok")\ndef ok(): pass\n'
    )
    assert bare.passed == ["test_s"]

    suite.write(
        "features/library_kiosk/test_library_kiosk.py",
        'from pytest_bdd import scenarios\n\nscenarios("library_kiosk/1_book_to_entry.feature")\n',
    )
    ended = assert_closed(suite, "2.1", "no test runs it")
    assert ended.item("1.1")["verdict"] == "PASS"


def test_5_of_two_steps_that_match_one_is_chosen(tmp_path: Path, suite: Suite) -> None:
    bare = run_bare(
        tmp_path / "bare",
        """
        Feature: bare
          Scenario: which
            Then the value is 5
        """,
        """
        @then("the value is 5")
        def is_five(): assert False

        @then(parsers.parse("the value is {value}"))
        def is_something(value): pass
        """,
    )
    assert len(bare.passed) + len(bare.failed) == 1
    assert "ambiguous" not in bare.told.lower()

    suite.add(
        STEPS,
        "\n\n@then(parsers.parse('the other side shows heading \"{value}\"'))\ndef any_() -> None: ...\n",
    )
    assert_closed(suite, "1.3.1", "two steps match 'the other side shows heading \"Emma Glad\"'")


def test_6_under_xdist_cucumber_json_is_empty_and_records_are_not(tmp_path: Path, suite: Suite) -> None:
    folder = tmp_path / "bare"
    run_bare(folder, "Feature: bare\n  Scenario: s\n    Then ok\n", '@then("ok")\ndef ok(): pass\n')
    told = start(folder, "pytest", "-n2", "--cucumberjson=cucumber.json", "-pno:cacheprovider")
    assert told.code == 0, told.out
    assert json.loads((folder / "cucumber.json").read_text()) == []

    suite.add(
        "conftest.py",
        """

def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    kept = [value for name, value in report.user_properties if name == "bothways.record"]
    with open(f"kept-by-{os.environ.get('PYTEST_XDIST_WORKER', 'controller')}.jsonl", "a") as file:
        file.writelines(f"{record}\\n" for record in kept)
""",
    )
    suite.replace("conftest.py", "from pathlib import Path\n", "from pathlib import Path\nimport os\n")
    ended = suite.outside("pytest", "-n2", "--engine", ENGINE)
    assert ended.code == 0, ended.out
    kept = (suite.folder / "kept-by-controller.jsonl").read_text().splitlines()
    records = [Record.model_validate_json(line) for line in kept]
    assert len({record.id for record in records}) == 9
    assert all(record.verdict is Verdict.PASS and record.comparisons for record in records)


RERUN = """
from _pytest.runner import runtestprotocol

def pytest_runtest_protocol(item, nextitem):
    first = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in first:
        report.outcome = "rerun" if report.when == "call" else report.outcome
        item.ihook.pytest_runtest_logreport(report=report)
    item._initrequest()
    runtestprotocol(item, nextitem=nextitem)
    return True
"""
"""What pytest-rerunfailures does, in short."""


def test_7_a_rerun_loses_cucumber_json_and_hides_nothing_from_us(tmp_path: Path, suite: Suite) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "conftest.py").write_text(RERUN)
    bare = run_bare(
        folder,
        "Feature: bare\n  Scenario: before\n    Then ok\n  Scenario: flickers\n    Then it holds later\n",
        """
        TRIES = []

        @then("ok")
        def ok(): pass

        @then("it holds later")
        def later():
            TRIES.append(1)
            assert len(TRIES) == 2
        """,
        f"--cucumberjson={folder / 'cucumber.json'}",
    )
    assert "ValueError: Unknown test outcome rerun" in bare.told
    assert "flickers" not in (folder / "cucumber.json").read_text()

    suite.add("conftest.py", RERUN)
    suite.add(STEPS, FAILS_ONCE)
    suite.add(BOOKS, "\n  @1.1\n  Scenario: Flickers\n    Then it holds at the second try\n")
    ended = suite.run()
    assert ended.item("1.1")["verdict"] == "FAIL"
    assert ended.item("1.2")["verdict"] == "PASS"


FAILS_ONCE = """

TRIES: list[int] = []


@then("it holds at the second try")
def second_try(evidence: Evidence) -> None:
    TRIES.append(1)
    evidence.same(2, len(TRIES), "tries")
"""


def test_8_tags_on_examples_are_lost_to_cucumber_json_and_to_the_hook_for_tags(
    tmp_path: Path, suite: Suite
) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "conftest.py").write_text(
        "def pytest_bdd_apply_tag(tag, function):\n    print('applied', tag)\n    return True\n"
    )
    run_bare(
        folder,
        """
        Feature: bare
          @outer
          Scenario Outline: row <n>
            Then ok
            @inner
            Examples:
              | n |
              | 1 |
        """,
        '@then("ok")\ndef ok(): pass\n',
        f"--cucumberjson={folder / 'cucumber.json'}",
        "-s",
    )
    [feature] = json.loads((folder / "cucumber.json").read_text())
    assert [tag["name"] for tag in feature["elements"][0]["tags"]] == ["outer"]

    ended = suite.run()
    names = [piece["name"] for piece in ended.item("1.3.2")["evidence"]]
    assert names == ["An edit of shelf crosses", "An edit of place crosses"]


def test_9_respx_enforces_no_timeout_and_a_slow_system_still_raises_it() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:  # noqa: ARG001
        await asyncio.sleep(0.05)
        return httpx.Response(200)

    async def ask(client: httpx.AsyncClient, url: str) -> httpx.Response:
        async with client:
            return await client.get(url, timeout=0.001)

    with respx.mock:
        respx.get("https://bare.test/").mock(side_effect=slow)
        assert asyncio.run(ask(httpx.AsyncClient(), "https://bare.test/")).status_code == 200

    system = RestSystem("bare", {}, SystemClock(SimulatedClock()), token="t", ids=Ids())
    system.faults.script(Fault("slow", seconds=5))
    with router({"bare": system}) as mock:
        client = httpx.AsyncClient(transport=httpx.MockTransport(mock.async_handler))
        with pytest.raises(httpx.ReadTimeout):
            asyncio.run(ask(client, "https://bare.test/"))


STRAYING = """
from clerk import Clerk, build as build_clerk

class Straying(Clerk):
    async def sync(self):
        await super().sync()
        try:
            {attempt}
        except Exception:
            pass

def build(**given):
    sound = build_clerk(**given)
    sound.__class__ = Straying
    return sound
"""


def assert_strays(suite: Suite, attempt: str, told: str) -> None:
    """An engine that makes `attempt`, and catches whatever comes of it, is refuted; plain pytest fails."""
    suite.write("straying.py", "import socket\n" + STRAYING.format(attempt=attempt))
    ended = suite.bothways("run", CHECKLIST, "--engine", "python:straying:build")
    assert ended.code == 1, ended.out
    assert ended.item("1.1")["verdict"] == "FAIL"
    assert told in ended.item("1.1")["reason"]
    assert suite.pytest("--engine", "python:straying:build").code == pytest.ExitCode.TESTS_FAILED


def test_10_an_unmatched_request_is_swallowed_with_the_assertion_that_respx_makes(suite: Suite) -> None:
    async def forgiving() -> str:
        try:
            async with httpx.AsyncClient() as client:
                await client.get("https://elsewhere.test/")
        except Exception as error:
            return type(error).__name__
        return "answered"

    with respx.mock:
        assert asyncio.run(forgiving()) == "AllMockedAssertionError"

    assert_strays(suite, "await self.client.get('https://elsewhere.test/')", "GET https://elsewhere.test/")
    assert_strays(suite, "await self.client.get(self.endpoints['kiosk'] + '/a/b/c')", "GET kiosk/a/b/c")


@pytest.mark.parametrize(
    ("attempt", "host"),
    [
        ("socket.create_connection(('192.0.2.1', 80), 0.1)", "192.0.2.1"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))", "192.0.2.1"),
        ("socket.getaddrinfo('elsewhere.test', 80)", "elsewhere.test"),
    ],
)
def test_11_what_is_not_httpx_goes_to_the_real_socket(suite: Suite, attempt: str, host: str) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with respx.mock, server, socket.create_connection(server.getsockname()) as past_respx:
        assert past_respx.getpeername() == server.getsockname()

    assert_strays(suite, attempt, f"'{host}' was reached for, beyond the simulated systems")


def test_11_pytest_socket_alone_lets_datagrams_through(tmp_path: Path) -> None:
    bare = run_bare(
        tmp_path / "bare",
        "Feature: bare\n  Scenario: s\n    Then a datagram leaves\n",
        """
        import socket

        @then("a datagram leaves")
        def leaves():
            with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as other:
                other.bind(("127.0.0.2", 0))
                assert one.sendto(b"x", other.getsockname()) == 1
        """,
        "--allow-hosts=127.0.0.1",
    )
    assert len(bare.passed) == 1


def test_12_an_empty_cell_makes_the_step_undefined(tmp_path: Path, suite: Suite) -> None:
    bare = run_bare(
        tmp_path / "bare",
        """
        Feature: bare
          Scenario Outline: cleared
            Then the value is "<value>"
            Examples:
              | value |
              |       |
        """,
        """
        @then(parsers.parse('the value is "{value}"'))
        def is_(value): pass
        """,
    )
    assert len(bare.failed) == 1
    assert "Step definition is not found" in bare.told

    suite.replace(BOOKS, "| title    | Emma Hurt |", "| title    |           |")
    assert_closed(suite, "1.3.1", "an empty cell in column 'value'")
