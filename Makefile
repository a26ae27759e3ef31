# `make run` and `make test` do all set-up on a fresh machine. Everything else is for developers.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test test-slow lint bench install clean help

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

install: $(VENV)/.installed ## Install into .venv

run: $(VENV)/.installed ## Install, index corpus/notes, serve the chat page on http://127.0.0.1:8000
	$(BIN)/xinglin ingest --prune corpus/notes
	$(BIN)/xinglin serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-dev ## Install and run the default tests
	$(BIN)/python -m pytest

test-slow: $(VENV)/.installed-dev ## Run the tests that take minutes
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.installed-dev ## Style, types and the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## Time ingest, a cold `xinglin ask` and warm /v1/ask
	$(BIN)/python -m eval.bench

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) var
