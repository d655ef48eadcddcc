.DEFAULT_GOAL := help
.PHONY: examples help pentest removals setup run demo test soak full e2e guide check lint types drift fix api lock bench bench-cache bench-mix cache-truth
PY := .venv/bin/python
# Two processes fit two cores and the memory of a laptop; more did not make the suite faster.
N ?= 2
COMMANDS ?= 100000
ANSWERS ?= 100000
SEED ?= 1
export PYTHONUNBUFFERED = 1

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything that is locked; safe to run again
	@python3 scripts/setup dev

run: ## Install, build and serve http://localhost:3001
	@python3 scripts/setup run
	@.venv/bin/alawael run

demo: setup ## Fill an empty database with a believable company and a year of documents
	@.venv/bin/alawael demo

test: setup ## Run every test; narrow it with T=backend/alawael/ledger or T=frontend
	@$(PY) scripts/test --processes $(N) $(T)

soak: setup ## Random commands and proofs: make soak COMMANDS=100000 SEED=1
	$(PY) scripts/soak --commands $(COMMANDS) --seed $(SEED)

removals: setup ## Take each protection away in a copy and see its test fail; W="trade" chooses
	@$(PY) scripts/removals $(if $(SAMPLE),--sample $(SAMPLE)) $(W)

pentest: setup ## Attack a server of its own, then 20,000 made-up requests
	@$(PY) scripts/pentest --requests $(or $(REQUESTS),20000)

full: setup ## Everything, with the whole of the real data on MongoDB too; takes long
	ALAWAEL_TEST_FULL=true $(PY) scripts/test --processes $(N)

e2e: setup ## Run only the journeys in a real browser
	@$(PY) scripts/test e2e

guide: setup ## Take the pictures of docs/guide again; some minutes
	@python3 scripts/setup run
	npm run guide --prefix e2e
	COMPANY=demo npm run guide --prefix e2e

lint: setup ## Check format, style and who imports whom
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports --no-cache
	scripts/tidy
	npm run lint --prefix frontend

types: setup ## Type-check Python and TypeScript
	.venv/bin/mypy
	npm run types --prefix frontend
	npm run types --prefix e2e

fix: setup ## Repair what a machine can repair
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	npm run fix --prefix frontend

api: setup ## Write the OpenAPI schema and the web app's types from it
	.venv/bin/alawael openapi --output frontend/openapi.json
	npm run api --prefix frontend

examples: setup ## Give operations of the API that lack one an example from the tests
	$(PY) scripts/examples

drift: setup ## Fail when a migration or the generated API types are missing
	$(PY) scripts/drift

check: lint types drift test ## Everything CI runs, in CI's order

lock: ## Lock the dependencies; make lock U=--upgrade chooses the newest that fit
	@python3 scripts/setup tools
	scripts/lock $(U)

bench: setup ## Measure on this machine what posting costs beside its rows alone
	$(PY) benchmarks/postings.py

bench-cache: setup ## Measure the response cache beside nginx and a bare constant; needs wrk
	$(PY) benchmarks/cache.py

bench-mix: setup ## How often the response cache helps on a day at the office, by route; WRITES=0.05 is the share of writes
	$(PY) benchmarks/cache_mix.py $(REQUESTS)

cache-truth: setup ## Two servers, one Redis: is ever an old answer given? make cache-truth ANSWERS=100000
	$(PY) benchmarks/cache_truth.py $(ANSWERS)
