# The newcomer's commands: `make run`, `make test`, `make check`. They need Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: mutate run test calibrate simulate soak bench bench-large portfolio check format clean

run: .venv/installed
	@$(BIN)/bothways run checklists/custom-webshop.rst

test: .venv/installed
	@$(BIN)/python -m pytest -q

# Minutes: the suite against the core with one known fault each.
calibrate: .venv/installed
	@$(BIN)/bothways calibrate --seeds 5

# Histories drawn on every core for so many seconds, judged by the oracle.
SECONDS ?= 600
simulate: .venv/installed
	@$(BIN)/python -m properties.simulate --seconds $(SECONDS)

# Some 20 minutes: 10,000 records, 2,000 cycles' worth of random edits, and faults.
soak: .venv/installed
	@BOTHWAYS_SOAK=10000x2000 $(BIN)/python -m pytest -q -s tests/sync/test_soak.py -k sqlite

# About half an hour: 1,000 generated checklists of all forms, each to come to the verdict that was planned.
portfolio: .venv/installed
	@BOTHWAYS_PORTFOLIO=1000 $(BIN)/python -m pytest -q -s tests/acceptance/portfolio/test_generated.py

# About ten minutes: how fast everything is, and against whom (benchmarks/README.md).
bench: .venv/installed
	@$(BIN)/python -m benchmarks

# An hour or more: up to 1,000,000 records.
bench-large: .venv/installed
	@$(BIN)/python -m benchmarks --large

# More than an hour: the smallest changes to the core, one at a time, and which of them its tests notice; MUTANTS names some.
mutate: .venv/installed
	-@$(BIN)/mutmut run $(MUTANTS)
	@$(BIN)/python -m calibration.mutation

check: .venv/installed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/installed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Installed anew whenever what is to be installed changes.
.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("bothways needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (once) ..." >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv build out .pytest_cache .mypy_cache .ruff_cache .hypothesis
