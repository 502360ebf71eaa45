# The project's commands. `make` alone lists them; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# No registry address is written anywhere: pip asks the one the machine is set up for.
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Modules are compiled when they are first imported (a third of the installation's time is saved), and kept.
# The lists are complete, so nothing is resolved: a newer release of something must not be looked at, let alone fail the hash check.
INSTALL := $(PIP) install --quiet --no-compile --no-deps --require-hashes
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run dev test agreement soak lint format lock bench bench-peers demo-pictures screenshots clean
.DELETE_ON_ERROR:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp staticfiles/.stamp ## Start a stocked shop on http://localhost:8000 (PORT=… for another port)
	@BIN=$(BIN) sh scripts/serve.sh

dev: $(VENV)/test.stamp ## Start the development server, which reloads itself
	@BIN=$(BIN) sh scripts/serve.sh dev

test: $(VENV)/test.stamp staticfiles/.stamp ## Run the linters and every test
	@BIN=$(BIN) sh scripts/test.sh

agreement: $(VENV)/test.stamp ## Compare what random orders cost wherever it can be read (ORDERS=10000)
	STOREFRONT_ORDERS=$(or $(ORDERS),10000) $(BIN)/python -m pytest -q -n 0 checkout/tests/test_agreement.py

soak: $(VENV)/test.stamp staticfiles/.stamp ## Run the live suites for an hour or two (SUITE=races, storm, crash, downtime or faults alone)
	@BIN=$(BIN) sh scripts/soak.sh $(SUITE)

lint: $(VENV)/test.stamp ## Run the linters and the type checker alone
	@BIN=$(BIN) sh scripts/lint.sh

format: $(VENV)/test.stamp ## Put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Pin the newest allowed versions, with hashes, into requirements*.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/uv --version 2>/dev/null | grep -q "$(UV_VERSION)" || $(PIP) install --quiet "uv==$(UV_VERSION)"
	for name in requirements requirements-test; do \
	  $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" --quiet $$name.in --output-file $$name.txt || exit 1; \
	done

audit-packages: $(VENV)/test.stamp ## Compare every pinned package with the known vulnerabilities
	$(BIN)/pip-audit --requirement requirements.txt --require-hashes --disable-pip

demo-pictures: $(VENV)/test.stamp ## Draw the demo shop's pictures anew
	$(BIN)/python -m products.demo.art --force

bench: $(VENV)/test.stamp staticfiles/.stamp ## Measure the shop (BENCH="--sizes 100 --databases sqlite" for a look)
	@PYTHONPATH=.:site $(BIN)/python -m benchmarks $(BENCH)

bench-peers: $(VENV)/test.stamp staticfiles/.stamp ## Measure the shop beside django-oscar, installed apart (BENCH="--sizes 100 --rounds 2" for a look)
	@PYTHONPATH=.:site $(BIN)/python -m benchmarks.peers $(BENCH)

screenshots: $(VENV)/test.stamp ## Photograph every kind of page of a running `make run` (SHOP=… for another address)
	$(BIN)/python scripts/screenshots.py $(SHOP)

clean: ## Remove what the other commands made (the database and uploads too)
	rm -rf $(VENV) var media staticfiles .pytest_cache .mypy_cache .ruff_cache

# A stamp is newer than its list exactly when that list is installed.
$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make run PYTHON=python3.13")'
	@test -x $(BIN)/python || { echo "→ making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "→ installing requirements.txt (about a minute, once)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@echo "→ installing requirements-test.txt (about a minute, once)"
	@$(INSTALL) -r requirements-test.txt
	@touch $@

staticfiles/.stamp: $(VENV)/run.stamp $(shell find static -type f 2>/dev/null)
	@echo "→ collecting static files (half a minute, once)"
	@BIN=$(BIN) sh scripts/serve.sh manage collectstatic --noinput --verbosity 0
	@touch $@
