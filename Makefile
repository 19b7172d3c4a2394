# Everything here sets itself up: Python 3.11 or newer, git and make are all a machine needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
# Extras installed beside the set: EXTRAS=,torch-tests for the comparisons with PyTorch, as in CI.
EXTRAS  ?=

# One BLAS thread a process: the tests run in several processes, and more threads than cores only slow them down.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help test lint types unit fast format demo bench mutants fuzz bench-checker lock clean

help:            ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: lint types unit  ## everything: lint, types, all tests

lint: $(VENV)/.dev  ## ruff, the formatting, the floors
	@echo "── ruff";          $(BIN)/ruff check .
	@echo "── formatting";    $(BIN)/ruff format --check .
	@echo "── floors";        $(BIN)/lint-imports --no-logo

types: $(VENV)/.dev  ## mypy --strict on our own code; the examples with the plugin
	@echo "── mypy --strict"; $(BIN)/mypy --strict torchlean_typed mypy_plugin
	@echo "── examples";      $(BIN)/torchlean-typed check $(wildcard examples/*/*.py) -- --strict

unit: $(VENV)/.dev  ## all tests
	@echo "── tests";         $(BIN)/python -m pytest -n $(WORKERS)

fast: $(VENV)/.dev  ## the tests that take no building or training
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

format: $(VENV)/.dev  ## put the code in form
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

demo: $(VENV)/.demo  ## eight planted bugs caught by mypy, then the corrected program trains
	@$(BIN)/python examples/digits/demo.py

bench: $(VENV)/.bench  ## the engine against JAX, PyTorch and HIPS autograd: ARGS="--quick", ARGS=--help
	@$(BIN)/python -m benchmarks $(ARGS)

bench-checker: $(VENV)/.dev $(VENV)/.bench  ## what the plugin costs mypy: a long program, an edit in dmypy, large packages
	@$(BIN)/python -m benchmarks.checker $(ARGS)

mutants: $(VENV)/.dev  ## the mutation benchmark of the checker
	@$(BIN)/python -m benchmarks.static

fuzz: $(VENV)/.dev  ## random programs, the checker against execution: ARGS="--programs 50000 --jobs 2", ARGS=--help
	@$(BIN)/python -m tests.fuzz $(ARGS)

lock: $(VENV)/.dev  ## rewrite constraints.txt with the newest versions that go together
	@rm -rf $(VENV)/lock && $(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet --upgrade pip
	@$(VENV)/lock/bin/python -m pip install --quiet ".[dev,bench,torch-tests]"
	@{ sed -n '/^#/p' constraints.txt; \
	   $(VENV)/lock/bin/python -m pip list --format=freeze --exclude torchlean-typed --exclude setuptools | sed 's/+.*//'; } > $(VENV)/lock/new
	@mv $(VENV)/lock/new constraints.txt && rm -rf $(VENV)/lock && git --no-pager diff --stat constraints.txt

clean:           ## away with the environment, the builds and the caches
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- setting up
# A stamp in the environment says which set is installed; a change of pyproject.toml or constraints.txt makes it stale.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "── setting up $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The build back end is installed first and used as it is, so that its version is pinned like the others'.
$(VENV)/.dev $(VENV)/.demo $(VENV)/.bench: $(VENV)/.%: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "── installing the $* set"
	@$(PIP) install --upgrade pip --constraint constraints.txt
	@$(PIP) install hatchling editables --constraint constraints.txt
	@$(PIP) install --no-build-isolation --editable ".[$*$(EXTRAS)]" --constraint constraints.txt
	@touch $@
