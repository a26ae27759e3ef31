# `make run` and `make test` do all set-up on a fresh machine. Everything else is for developers.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATASETS ?=
FILES ?= corpus/notes
INDEXED := corpus/notes corpus/tables corpus/documents
PEER_MODEL ?=
# What `make gate` asks of the corpus alone, and for which day.
GATE_QUESTIONS ?= $(wildcard eval/questions/*.jsonl)
GATE_AS_OF := 2026-11-22
# Where pip looks for torch besides PyPI, whose Linux build is for CUDA and takes gigabytes:
# TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test gate test-models test-slow lint check-corpus validation bench bench-design bench-ingest bench-retrieval
.PHONY: install install-models install-train clean help

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) -e .
	touch $@

$(VENV)/.installed-%: $(VENV)/.installed
	$(PIP_INSTALL) $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -e '.[$*]'
	touch $@

install: $(VENV)/.installed ## Install into .venv

install-models: $(VENV)/.installed-models ## Add torch and sentence-transformers, for other models

install-train: $(VENV)/.installed-train ## Add what training needs

run: $(VENV)/.installed ## Install, index the corpus, serve the chat page on http://127.0.0.1:8000
	$(BIN)/xinglin ingest --prune $(INDEXED)
	$(BIN)/xinglin serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-dev ## Install and run the default tests, on all cores
	$(BIN)/python -m pytest -n logical --dist loadscope

test-models: $(VENV)/.installed-dev $(VENV)/.installed-train ## Run the tests of other models and of training
	$(BIN)/python -m pytest -m models
	$(BIN)/python -m pytest -m 'not models' tests/retrieval/training tests/eval/test_tune_ranking.py

test-slow: $(VENV)/.installed-dev ## Run the tests that take minutes
	$(BIN)/python -m pytest -m slow --timeout=1200

lint: $(VENV)/.installed-dev ## Style, types and the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gate: $(VENV)/.installed ## Index the corpus afresh, ask GATE_QUESTIONS, fail below eval/gate.toml
	rm -rf var/gate
	$(BIN)/xinglin ingest --index var/gate/index $(INDEXED)
	$(BIN)/xinglin eval answers $(GATE_QUESTIONS) --index var/gate/index --as-of $(GATE_AS_OF) \
	  --html var/gate/report.html --gate

check-corpus: $(VENV)/.installed ## Check the corpus: form, dates, versions, conflicting claims, coverage
	$(BIN)/python -m eval.corpus.check

validation: $(VENV)/.installed ## Recompute the published numbers of the calculators, write docs/validation.md
	$(BIN)/xinglin design verify eval/gold/calculators.csv --report docs/validation.md --strict

bench-design: $(VENV)/.installed ## Time the calculators, write docs/benchmarks/design.md
	$(BIN)/python -m eval.bench_design

bench: $(VENV)/.installed-dev ## Time ingest, a cold `xinglin ask` and warm /v1/ask
	$(BIN)/python -m eval.bench

bench-ingest: $(VENV)/.installed-dev ## Time the reading of files, format by format: FILES="PATH..."
	$(BIN)/python -m eval.bench_ingest $(FILES) --plain

bench-retrieval: $(VENV)/.installed-dev ## Compare retrieval with its peers on DATASETS="DIR...", write docs/benchmarks/retrieval.md
	$(BIN)/python -m eval.bench_retrieval $(DATASETS) $(if $(PEER_MODEL),--peer-model $(PEER_MODEL))

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) var
