PYTHON ?= python3.11
BIN := .venv/bin
# The order of columns in generated migrations follows the hash seed.
check schema: export PYTHONHASHSEED := 0

.PHONY: help install graphiql run check test schema lock bench-intake bench-evaluation bench-reads bench-fanout bench-latency bench-memory bench-search bench-day bench-analysis bench-bills

help: ## Show the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

api/graphiql/static/graphiql.min.js: api/graphiql/build.py | .venv/installed
	$(BIN)/python -m api.graphiql.build
	@touch $@

graphiql: api/graphiql/static/graphiql.min.js ## Fetch the browser's query page (install does it too)

install: .venv/installed graphiql ## Make .venv ready

run: install ## Start everything on this machine with the demo street
	@exec $(BIN)/steward up

check: install ## Lint, types, layers, migrations, schema
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright --warnings
	$(BIN)/lint-imports
	$(BIN)/python -m steward.checks

test: install ## All tests, on real PostgreSQL and Valkey
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder --durations=20 --durations-min=3

schema: install ## Write schema.graphql and the generated pages again
	$(BIN)/python -m steward.checks --write

bench-intake: install ## Event intake beside an ORM insert per request
	$(BIN)/python -m benchmarks.intake

bench-evaluation: install ## Evaluation of readings at 2,000 a second
	$(BIN)/python -m benchmarks.evaluation

bench-reads: install ## Reads beside PostGraphile, SQL by hand and plain strawberry
	$(BIN)/python -m benchmarks.reads

bench-fanout: install ## One change told to a thousand subscribers
	$(BIN)/python -m benchmarks.fanout

bench-latency: install ## From POST to the subscription's message
	$(BIN)/python -m benchmarks.latency

bench-memory: install ## Memory over 100,000 documents, no two alike
	$(BIN)/python -m benchmarks.memory

bench-search: install ## Search by name, letters and number at 150,000 homes
	$(BIN)/python -m benchmarks.search

bench-day: install ## A whole day of the street: what is found, how fast, in how much memory
	$(BIN)/python -m benchmarks.street_day

bench-analysis: install ## What the analysis of books finds of what was planted in them
	$(BIN)/python -m benchmarks.books_analysis

bench-bills: install ## Bill runs of 150,000 homes with three items each, by two workers
	$(BIN)/python -m benchmarks.bill_run

lock: ## Pin every dependency again, with hashes
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o constraints.txt
