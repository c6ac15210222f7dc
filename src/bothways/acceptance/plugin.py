"""The pytest plugin: turns scenarios and property tests into records, and lets nothing pass in silence."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from pytest_bdd.parser import Scenario, Step
from pytest_bdd.scenario import find_fixturedefs_for_step
from pytest_bdd.steps import step_function_context_registry

from bothways import mapping_file
from bothways.acceptance import project
from bothways.acceptance.binding import PICKLE, bind, complaints
from bothways.acceptance.census import Pickle, compile_folder, name_of
from bothways.acceptance.contained import INTERRUPTIONS
from bothways.acceptance.evidence import Evidence
from bothways.acceptance.loopback import guard
from bothways.acceptance.record import Kind, Record, Status, written
from bothways.acceptance.trial import Trial, Unproven
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError

RECORD = "bothways.record"
"""The user property of a test's last report that holds its record: what xdist carries, too."""

_TRIAL = pytest.StashKey[Trial]()
_PICKLES = pytest.StashKey[list[Pickle]]()
_DEFINITIONS = pytest.StashKey[dict[tuple[str, str, str], list[Callable[..., object]]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `bothways run` hands on; each has a default for plain pytest."""
    group = parser.getgroup("bothways")
    group.addoption(
        "--mapping", metavar="FILE", help="the mapping, instead of the one of the feature's folder"
    )
    group.addoption("--checklist", metavar="FILE", help="the checklist, instead of the one the mapping names")
    group.addoption("--engine", metavar="SPEC", default="core", help="the integration under test")
    group.addoption("--host", default="127.0.0.1", help="what served systems listen on")
    group.addoption("--public-url", default="", help="what an integration elsewhere calls them by")
    group.addoption("--seed", type=int, default=0, help="what every random choice of a run follows from")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the features, and register their tags as markers, which is what pytest-bdd makes of them."""
    try:
        pickles = compile_folder(_features(config), config.rootpath)
        if not config.getoption("mapping"):
            _check_folders(config)
    except InputError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_PICKLES] = pickles
    config.addinivalue_line("markers", "proves(*ids): rules and items that a property test is evidence of")
    for tag in sorted({tag for pickle in pickles for tag in pickle.tags}):
        config.addinivalue_line("markers", f"{tag}: a tag of the features")


def _features(config: pytest.Config) -> Path:
    return config.rootpath / (config.getini("bdd_features_base_dir") or "features")


def _check_folders(config: pytest.Config) -> None:
    """Refuse tags that name nothing, in every folder of features that is asked for and has a mapping."""
    for folder in sorted(_features(config).glob("*/")):
        mapping = Path("mappings") / f"{folder.name}.yaml"
        if (config.rootpath / mapping).exists() and _is_asked_for(config, folder):
            checklist = mapping_file.load(config.rootpath / mapping).checklist
            project.read(config.rootpath, Path(checklist), mapping)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Bind tests to pickles before anything is deselected, and add a failing test for each that isn't."""
    pickles = config.stash[_PICKLES]
    bind(items, pickles, config.rootpath)
    expected = [pickle for pickle in pickles if _is_asked_for(config, config.rootpath / pickle.file)]
    items.extend(complaints(items, expected, session))


def _is_asked_for(config: pytest.Config, path: Path) -> bool:
    """Whether a whole folder was given to pytest that `path` lies in: then all of it is to run."""
    folders = (config.invocation_params.dir / argument for argument in config.args if "::" not in argument)
    return any(path.is_relative_to(folder.resolve()) for folder in folders)


def is_evidence(item: pytest.Item) -> bool:
    """Whether a test is a scenario, or a property test that is marked as evidence."""
    return PICKLE in item.stash or item.get_closest_marker("proves") is not None


def tags_of(item: pytest.Item) -> frozenset[str]:
    """The items, rules and limitations that a test is evidence of."""
    tags = item.stash[PICKLE].tags if PICKLE in item.stash else ()
    return frozenset(tags).union(*(marker.args for marker in item.iter_markers("proves")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """While a test runs, tell Ctrl-C from a KeyboardInterrupt that its integration raises."""
    with INTERRUPTIONS.heard():
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a trial, on this machine only."""
    _trial(item)
    guard().closed = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """After everything else: fail a test that tried to leave this machine, even if it forgave the refusal."""
    try:
        yield
    finally:
        guard().open()


def _trial(item: pytest.Item) -> Trial:
    if _TRIAL not in item.stash:
        defect = item.stash[PICKLE].defect if PICKLE in item.stash else ""
        item.stash[_TRIAL] = Trial(blank_record(item), defect)
    return item.stash[_TRIAL]


def blank_record(item: pytest.Item) -> Record:
    """The record of a test that hasn't run."""
    if PICKLE in item.stash:
        pickle = item.stash[PICKLE]
        kept = {
            name: getattr(pickle, name)
            for name in ("id", "name", "file", "line", "feature", "rule", "example")
        }
        return Record(kind=Kind.SCENARIO, tags=tags_of(item), test=item.nodeid, **kept)
    path, line, name = item.reportinfo()
    file, number = name_of(Path(path), item.config.rootpath), (line or 0) + 1
    return Record(
        id=item.nodeid,
        kind=Kind.PROPERTY,
        name=name,
        file=file,
        line=number,
        tags=tags_of(item),
        test=item.nodeid,
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the test. What pytest calls passed, skipped or expected and isn't proof becomes a failure."""
    report = yield
    if not is_evidence(item):
        return report
    trial = _trial(item)
    if call.excinfo is not None:
        trial.broke(call.excinfo.value)
    verdict, reason = trial.verdict
    if verdict in (Verdict.UNPROVEN, Verdict.FAIL) and not report.failed and _decided(report):
        report.outcome, report.longrepr = "failed", f"{item.nodeid}: {verdict}: {reason}"
        vars(report).pop("wasxfail", None)  # with it, pytest would not count the failure
    if report.failed:
        report.sections.append(("repeat", _command(item)))
    if report.when == "teardown":
        report.user_properties.append((RECORD, written(trial.record())))
    return report


def _command(item: pytest.Item) -> str:
    """What repeats a failure under plain pytest."""
    options = [f"--{name}={item.config.getoption(name)}" for name in ("engine", "seed")]
    return shlex.join(["pytest", item.nodeid, *options])


def _decided(report: pytest.TestReport) -> bool:
    """Whether no later phase of the test can still compare anything."""
    return report.when == "call" or (report.when == "setup" and report.skipped)


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """What this test compares and has seen."""
    return _trial(request.node).evidence


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What every random choice of this run follows from."""
    chosen: int = request.config.getoption("seed")
    return chosen


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Lay out the steps."""
    _trial(request.node).lay_out(scenario.steps)


def pytest_bdd_before_step(
    request: pytest.FixtureRequest, step: Step, step_func: Callable[..., object]
) -> None:
    """Refuse a step that would pass whatever it asserts, and one that two definitions match."""
    trial = _trial(request.node)
    trial.begin()
    if inspect.iscoroutinefunction(step_func) or inspect.isasyncgenfunction(step_func):
        trial.end(Status.FAILED, "async def")
        raise Unproven(f"an async def step is never run: {_where(step_func)}")
    definitions = _definitions(request, step)
    if len(definitions) > 1:
        trial.end(Status.AMBIGUOUS, "ambiguous")
        raise Unproven(f"two steps match '{step.name}': {' and '.join(map(_where, definitions))}")


def _definitions(request: pytest.FixtureRequest, step: Step) -> list[Callable[..., object]]:
    """The functions that a step could mean; looked up once for a sentence, since all are tried on it."""
    known = request.config.stash.setdefault(_DEFINITIONS, {})
    sentence = (request.node.parent.nodeid, step.type, step.name)
    if sentence not in known:
        found = find_fixturedefs_for_step(step, request._fixturemanager, request.node)
        contexts = (step_function_context_registry[definition.func] for definition in found)
        known[sentence] = list(dict.fromkeys(context.step_func for context in contexts))
    return known[sentence]


def _where(function: Callable[..., object]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}"


def pytest_bdd_after_step(request: pytest.FixtureRequest) -> None:
    """The step passed."""
    _trial(request.node).end(Status.PASSED)


def pytest_bdd_step_error(request: pytest.FixtureRequest, exception: Exception) -> None:
    """The step failed."""
    _trial(request.node).end(Status.FAILED, str(exception))


def pytest_bdd_step_func_lookup_error(request: pytest.FixtureRequest, step: Step) -> None:
    """No definition matches the step."""
    trial = _trial(request.node)
    trial.begin()
    trial.end(Status.UNDEFINED, "undefined")
    trial.broke(Unproven(f"no step is defined for '{step.name}'"))
