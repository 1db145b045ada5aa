# Everything from nothing but Python, pip and make: `make demo` and `make test` do their own set-up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
AS_OF ?= 2026-11-20
# One more than there are cores: many tests wait for processes that they started.
PYTEST_WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# The tests start hundreds of processes: without kept bytecode each would compile every module again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint soak bench lock clean

demo: $(VENV)/.run
	$(BIN)/gkmonitor demo --out demo-reports

# mypy needs one core for as long as a tenth of the tests, so it runs beside them; what it says is printed after them.
test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@nice $(BIN)/mypy >$(VENV)/mypy.txt 2>&1 & types=$$!; \
	  echo '$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal'; \
	  $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal; tests=$$?; \
	  wait $$types; types=$$?; echo '$(BIN)/mypy'; cat $(VENV)/mypy.txt; [ $$tests -eq 0 ] && [ $$types -eq 0 ]

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

# Hash-checked installs; the build back end is in the lock too, so nothing is fetched outside it. Modules are compiled
# when they are first imported, and most of what the libraries bring never is.
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile
# What setup.py compiles where there is a C compiler; without one, the readers work as they are written.
READERS := setup.py gkmonitor/concepts.py gkmonitor/dates.py $(wildcard spiders/readers/*.py spiders/readers/cms/*.py)
$(VENV)/.run: requirements.lock pyproject.toml $(READERS) | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# Its lock holds everything of the other one too.
$(VENV)/.dev: requirements-dev.lock pyproject.toml $(READERS) | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.run $@

clean:
	find gkmonitor spiders -name '*.so' -delete
	rm -rf gkmonitor/_compiled.txt $(VENV) build dist *.egg-info demo-reports .mypy_cache .ruff_cache .pytest_cache
