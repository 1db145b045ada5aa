# Everything from nothing but Python, pip and make: `make demo` and `make test` do their own set-up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
AS_OF ?= 2026-11-20
PYTEST_WORKERS ?= auto

# The tests start hundreds of processes: without kept bytecode each would compile every module again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint soak bench lock clean

demo: $(VENV)/.run
	$(BIN)/gkmonitor demo --out demo-reports

test: $(VENV)/.dev lint
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Long figures: too slow for every test run, printed for the record.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak -s

bench: $(VENV)/.dev
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/read_cost.py

# The locks are made from pyproject.toml; --universal keeps them good for every platform.
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(VENV)/.dev
	$(BIN)/pip install --quiet uv
	$(UV_COMPILE) --extra build pyproject.toml -o requirements.lock
	$(UV_COMPILE) --extra build --extra render -c requirements.lock pyproject.toml -o requirements-render.lock
	$(UV_COMPILE) --extra build --extra dev pyproject.toml -o requirements-dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gkmonitor needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# Hash-checked installs; the build back end is in the lock too, so nothing is fetched outside it.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info demo-reports .mypy_cache .ruff_cache .pytest_cache
