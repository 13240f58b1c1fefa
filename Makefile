# The two commands that a new user needs are `make run` and `make test`; both set up everything they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
UV := $(VENV)-tools/bin/uv
COVERAGE_GATE ?= 1

export PYTHONDONTWRITEBYTECODE := 1
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(UV):
	python3 -m venv $(VENV)-tools
	$(VENV)-tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.synced: uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --quiet --extra example
	@touch $@

.PHONY: setup
setup: $(VENV)/.synced ## Make the environment from the lock file

.PHONY: run
run: setup ## Train, sign, decide, pass on and verify the example; then break it and mend it
	$(PY) examples/cheque-desk/run.py

.PHONY: test-setup
test-setup: setup ## Fetch what the tests need
	$(PY) tools/setup_tests.py

.PHONY: test
test: test-setup ## Run all tests, without a network where the kernel allows it
	$(PY) tools/run_tests.py

.PHONY: check
check: setup ## Format, lint, types, import contracts: a few seconds
	@$(VENV)/bin/ruff format --check --quiet . || { echo 'hint: run `make format`'; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/lint-imports --no-logo >/tmp/lint-imports.$$$$ || { cat /tmp/lint-imports.$$$$; exit 1; }; rm -f /tmp/lint-imports.$$$$
	@$(VENV)/bin/dmypy run --timeout 3600 -- src tools/make_verifier.py >/tmp/mypy.$$$$ || { cat /tmp/mypy.$$$$; exit 1; }; rm -f /tmp/mypy.$$$$
	@$(PY) tools/make_verifier.py --check

.PHONY: format
format: setup ## Format the code and write the single-file verifier anew
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix --quiet . || true
	$(PY) tools/make_verifier.py

.PHONY: bench
bench: setup ## Measure the stated figures; fails if one is missed
	$(PY) -m benchmarks

.PHONY: soak
soak: test-setup ## The long forms of the tests
	$(PY) -m pytest -m soak -p no:cacheprovider

.PHONY: fuzz
fuzz: test-setup ## Fuzz what reads hostile input
	$(PY) -m pytest -m fuzz -p no:cacheprovider

.PHONY: docs
docs: setup ## Write the generated reference and check the links of the documentation
	$(PY) tools/make_docs.py

.PHONY: clean
clean: ## Remove everything that was made here
	rm -rf $(VENV) $(VENV)-tools .peers build site .hypothesis .mypy_cache .ruff_cache .coverage .dmypy.json
