# The two commands that a new user needs are `make run` and `make test`; both set up everything they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)-tools/bin/uv
UV_WANTED := --quiet --disable-pip-version-check --require-hashes -r tools/uv.txt

# How many percent of the branches of kernel, evidence and posture tests must take; 0 turns the gate off.
COVERAGE_GATE ?= 100
export COVERAGE_GATE

# Bytecode is kept, which halves every start, but outside the source tree.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# uv comes with pip, in an environment of its own; its version and hashes stand in `tools/uv.txt`. Where this machine has a pip,
# the environment needs none, which is most of the time that it takes to make.
$(UV): tools/uv.txt
	python3 -m venv --clear --without-pip $(VENV)-tools
	python3 -m pip --python $(VENV)-tools/bin/python install $(UV_WANTED) 2>/dev/null || \
	  { python3 -m venv --clear $(VENV)-tools && $(VENV)-tools/bin/python -m pip install $(UV_WANTED); }
	@touch $@

$(VENV)/.synced: uv.lock pyproject.toml $(UV)
	$(UV) sync --locked --quiet --extra example --extra scan --extra gateway --extra monitor --extra backup --extra csaf
	@touch $@

.PHONY: setup
setup: $(VENV)/.synced ## Make the environment from the lock file

.PHONY: run
run: setup ## Train, sign, decide, pass on and verify the example; then break it and mend it
	$(PY) examples/cheque-desk/run.py

.PHONY: run-full
run-full: setup ## Do everything: design, develop, release, serve, attack, watch, break, restore, update and explain it
	$(PY) examples/cheque-desk/run_full.py

.PHONY: test-setup
test-setup: setup ## Fetch what the tests need
	$(PY) tools/setup_tests.py

.PHONY: test
test: test-setup ## Run all tests, without a network where the kernel allows it
	$(PY) tools/run_tests.py

.PHONY: check
check: setup ## Format, lint, types, import contracts, generated files: a few seconds
	@$(PY) tools/check.py

.PHONY: format
format: setup ## Format the code and write the single-file verifier anew
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix --quiet . || true
	$(PY) tools/make_verifier.py

.PHONY: lock
lock: $(UV) ## Choose versions anew within what `pyproject.toml` and `tools/peers` allow
	$(UV) lock --upgrade
	$(UV) export --quiet --locked --no-dev --no-emit-project --no-header --no-annotate --output-file ci/requirements.txt
	for each in tools/uv.in tools/peers/*.in tools/peers/bench/*.in ci/build.in; do $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --upgrade --output-file "$${each%.in}.txt" "$${each%.in}.in"; done

.PHONY: bench
bench: setup ## Measure the stated figures; fails if one is missed
	$(PY) -m benchmarks

.PHONY: bench-size
bench-size: setup ## Measure what the core weighs
	$(PY) -m benchmarks size

.PHONY: bench-gateway
bench-gateway: setup ## Measure the gateway with all controls on, against LiteLLM
	$(PY) -m benchmarks gateway

.PHONY: bench-journal
bench-journal: setup ## Measure how fast the journal records
	$(PY) -m benchmarks journal

.PHONY: bench-guards
bench-guards: setup ## Measure how fast guards look, and against yara-x and Python
	$(PY) -m benchmarks guards

.PHONY: bench-redteam
bench-redteam: setup ## Measure what one attempt of the red team costs
	$(PY) -m benchmarks redteam

.PHONY: bench-scaling
bench-scaling: setup ## Measure how well manipulated images are told from honest ones
	$(PY) -m benchmarks scaling

.PHONY: bench-find
bench-find: setup ## Measure what `check` finds of ordinary projects, and what it makes up
	$(PY) -m benchmarks find

.PHONY: bench-check
bench-check: setup ## Measure how fast `check` is
	$(PY) -m benchmarks check

.PHONY: bench-threats
bench-threats: setup ## Measure threat models of large systems
	$(PY) -m benchmarks threats

.PHONY: soak
soak: test-setup ## The long forms of the tests
	$(PY) tools/run_tests.py tests -m soak

.PHONY: fuzz
fuzz: test-setup ## Fuzz what reads hostile input
	$(PY) tools/run_tests.py tests -m fuzz

.PHONY: docs
docs: setup ## Write the generated reference, check the links, and build the site into `site/`
	$(PY) tools/make_docs.py
	UV_PROJECT_ENVIRONMENT=$(VENV)-docs $(UV) sync --locked --quiet --only-group docs
	$(VENV)-docs/bin/zensical build --clean

.PHONY: clean
clean: ## Remove everything that was made here
	rm -rf $(VENV) $(VENV)-tools $(VENV)-docs .peers build site dist .hypothesis .mypy_cache .ruff_cache .import_linter_cache .coverage
