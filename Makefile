# `make` prints the targets. Each sets up .venv when needed: that takes internet once, and again
# only when the pinned versions change. ARGS="…" is passed on; PYTHON names the interpreter.

PYTHON ?= python3
BIN := .venv/bin
AUDIT := .venv-audit
COMPAT := .venv-compat

.DEFAULT_GOAL := help
.PHONY: help setup refresh demo test soak fuzz lint bench audit compat

help:
	@echo 'make setup     set up .venv with the pinned versions'
	@echo 'make refresh   read the lists, ask the sources, publish data/papertide.duckdb'
	@echo 'make demo      the same night against the built-in sandbox, without internet'
	@echo 'make test      the tests, with branch coverage'
	@echo 'make soak      the slow tests'
	@echo 'make fuzz      hostile input, fifty times as much of it as in the tests'
	@echo 'make lint      ruff and mypy'
	@echo 'make bench     the benchmarks'
	@echo 'make compat    a fresh snapshot, read by DuckDB 1.4'
	@echo 'make audit     known vulnerabilities of the pinned versions'

setup:
	@PYTHON='$(PYTHON)' .ci/setup

refresh: setup
	@$(BIN)/papertide refresh $(ARGS)

demo: setup
	@$(BIN)/papertide demo $(ARGS)

test: setup
	@$(BIN)/python -m pytest -m 'not slow' -n auto --dist loadfile --cov $(ARGS)

# pytest ends with 5 when no test is marked slow, which is no fault.
soak: setup
	@$(BIN)/python -m pytest -m slow $(ARGS) || [ $$? -eq 5 ]

fuzz: setup
	@$(BIN)/python -m pytest -m fuzz -n auto --hypothesis-profile fuzz $(ARGS)

lint: setup
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy

bench: setup
	@set -e; for file in benchmarks/[!_]*.py; do \
		[ -e "$$file" ] || continue; \
		$(BIN)/python -m "benchmarks.$$(basename "$$file" .py)" $(ARGS); \
	done

# pip-audit ends with 1 for a finding and for a lost connection; only the first leaves a report.
# Strict, because a version that could not be asked about is no clean one.
audit: setup
	@[ -x $(AUDIT)/bin/pip-audit ] || { $(BIN)/python -m venv --clear $(AUDIT) && \
		$(AUDIT)/bin/python -m pip install --quiet --quiet --disable-pip-version-check pip-audit; } || \
		{ rm -rf $(AUDIT); echo 'audit: skipped, pip-audit could not be fetched' >&2; exit 0; }; \
	rm -f $(AUDIT)/report; \
	$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt \
		--output $(AUDIT)/report || ended=$$?; \
	if [ -e $(AUDIT)/report ]; then cat $(AUDIT)/report; exit $${ended:-0}; fi; \
	[ -z "$$ended" ] || echo 'audit: skipped, the vulnerabilities could not be asked for' >&2

# The oldest DuckDB that a snapshot promises to open in, in an environment of its own.
compat: setup
	@[ -e $(COMPAT)/made ] || { rm -rf $(COMPAT); $(BIN)/python -m venv $(COMPAT) && \
		$(COMPAT)/bin/python -m pip install --quiet --quiet --quiet --disable-pip-version-check \
			'duckdb>=1.4,<1.5' pytz && touch $(COMPAT)/made; } || \
		{ rm -rf $(COMPAT); echo 'compat: skipped, DuckDB 1.4 could not be fetched' >&2; exit 0; }; \
	$(BIN)/python -m tests.compat $(COMPAT)/bin/python
