PYTHON ?= python3.11
BIN := .venv/bin
export PYTHONHASHSEED := 0

.PHONY: help install run check test lock bench

help: ## Show the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/installed ## Make .venv ready

run: install ## Start everything on this machine with the demo street
	@exec $(BIN)/steward up

check: install ## Lint, types, layers, migrations, schema
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright --warnings
	$(BIN)/lint-imports
	$(BIN)/python -m steward.checks

test: install ## All tests, on real PostgreSQL and Valkey
	$(BIN)/pytest

lock: ## Pin every dependency again, with hashes
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o constraints.txt
