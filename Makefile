# One command each, the same names for ever. Everything that is missing is set up first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= $(CURDIR)/.demo
PORT ?= 8800
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check faults bench audit docs shots lock clean

demo: $(VENV)/ready                ## a living demo salon: address and logins are printed
	@$(BIN)/letopis demo --data $(DEMO_DATA) --port $(PORT)

test: $(VENV)/ready-dev            ## all tests
	@scripts/chromium || true
	@$(BIN)/python -m pytest -m 'not slow'

check: $(VENV)/ready-dev           ## style, types, arrows, migrations, messages, documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/architecture_test.py tests/migrations_test.py
	@$(BIN)/python scripts/messages --check
	@$(BIN)/python scripts/docs --check

faults: $(VENV)/ready-dev          ## kill -9 under load, twenty rounds
	@$(BIN)/python -m pytest tests/faults -m slow

bench: $(VENV)/ready-dev           ## the figures of docs/reference/performance.md, and how soon pages are painted
	@scripts/wrk || true
	@$(BIN)/python -m bench --write
	@$(BIN)/python -m pytest tests/browser -m slow -s

audit: $(VENV)/ready-dev           ## known weaknesses of everything we stand on; needs to reach their list
	@$(BIN)/python scripts/audit

docs: $(VENV)/ready-dev            ## make the reference from the code
	@$(BIN)/python scripts/docs

shots: $(VENV)/ready-dev           ## pictures of the pages, to look at
	@$(BIN)/python scripts/shots

lock: $(VENV)/ready-dev            ## versions and hashes of everything we stand on
	@for out in requirements.lock "requirements-dev.lock --group dev"; do \
	  $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o $$out > /dev/null; done

clean:
	rm -rf $(VENV) $(DEMO_DATA) build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Letopis needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
