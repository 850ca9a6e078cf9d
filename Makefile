# Everything a newcomer, a developer and CI need. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
PAGES := verifier/browser/build.mjs $(shell find verifier/browser/src badges/web/static -type f)
export AKASHI_SHARED ?= $(abspath ../shared)

.DEFAULT_GOAL := help
.PHONY: help setup run demo test unit lint format check bench pages-bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run.stamp: requirements-build.lock requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-build.lock -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run.stamp

# The scripts of the verifier's pages: TypeScript, built into static files.
$(VENV)/packages.stamp: verifier/browser/package-lock.json
	cd verifier/browser && npm ci --silent --no-audit --no-fund
	@mkdir -p $(VENV) && touch $@

$(VENV)/pages.stamp: $(VENV)/packages.stamp $(PAGES)
	cd verifier/browser && node build.mjs
	@touch $@

setup: $(VENV)/run.stamp $(VENV)/pages.stamp ## install Akashi into .venv, build its pages
	@echo "The command is $(BIN)/akashi"

run: setup ## play the demonstration and serve it on http://127.0.0.1:8000 (PORT=, DATA=)
	$(BIN)/akashi demo --serve $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

demo: setup ## play the demonstration: ends with 0 only if every verdict is the expected one
	$(BIN)/akashi demo

test: $(VENV)/dev.stamp $(VENV)/pages.stamp ## all tests; installs Chromium, PostgreSQL and npm packages where it can
	@tests/install-tools.sh
	cd verifier/browser && npx vitest run
	$(BIN)/python -m pytest --cov --cov-report=
	$(BIN)/python tests/coverage_gates.py

unit: $(VENV)/dev.stamp $(VENV)/pages.stamp ## the tests that need no server, browser, network or other people's software
	cd verifier/browser && npx vitest run
	$(BIN)/python -m pytest -m "not browser and not foreign and not postgresql and not slow"

lint: $(VENV)/dev.stamp $(VENV)/packages.stamp ## ruff, mypy, import rules, TypeScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd verifier/browser && npx tsc --noEmit && npx prettier --check --log-level warn .

format: $(VENV)/dev.stamp $(VENV)/packages.stamp ## lay the code out
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	cd verifier/browser && npx prettier --write --log-level warn .

check: lint unit ## what every commit passes

bench: $(VENV)/dev.stamp ## measure us and our peers side by side
	$(BIN)/python -m benchmarks.run

pages-bench: $(VENV)/dev.stamp $(VENV)/pages.stamp ## measure how long a verdict in the page takes on a slow computer
	$(BIN)/python -m benchmarks.pages

lock: $(VENV)/dev.stamp ## renew the lock files
	echo 'setuptools>=80' | $(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --no-header --no-annotate -o requirements-build.lock -
	$(BIN)/pip-compile -q --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --extra postgresql -o requirements-postgresql.lock pyproject.toml
	$(BIN)/pip-compile -q --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --extra dev --extra postgresql -o requirements-dev.lock pyproject.toml

clean: ## remove what the targets above made, data included
	rm -rf $(VENV) verifier/browser/node_modules verifier/static/app data build dist *.egg-info
