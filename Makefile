# Matinee. `make run` needs Python 3.11+ and nothing else; no root, no Docker, no account anywhere.

PYTHON ?= python3
VENV := .venv
# Most of a test's time is waiting for servers: five processes keep two cores busy. 0 runs all in one.
TEST_PROCESSES ?= 5
BIN := $(VENV)/bin
export PYTHON VENV
# The same modules are read by dozens of processes: wherever one may, it leaves them compiled for the others.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run code test soak check bench reset format

help:
	@echo "make run     open the whole shop on this machine, with stand-ins for Stripe and Kollus"
	@echo "make code    print the second code that the admin asks of cho@example.com"
	@echo "make test    run every test on PostgreSQL, Redis and Chromium"
	@echo "make check   what CI runs: format, lint, types, migrations, translations, deployment, tests"
	@echo "make soak    the tests with many more random schedules, and every error code of the player"
	@echo "make bench   the benchmarks, one JSON line each"
	@echo "make format  put the code into its one layout"
	@echo "make reset   forget the demonstration's data"

run:
	@sh .ci/bootstrap.sh run
	@exec $(BIN)/python manage.py serve

code:
	@$(BIN)/python manage.py staff_code

test:
	@sh .ci/bootstrap.sh test
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

soak:
	@sh .ci/bootstrap.sh test
	@MATINEE_SOAK=1 $(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

check:
	@sh .ci/bootstrap.sh test
	@sh .ci/check.sh

bench:
	@sh .ci/bootstrap.sh test
	@$(BIN)/python -m tests.bench

format:
	@sh .ci/bootstrap.sh dev
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

reset:
	@sh .ci/bootstrap.sh run
	@$(BIN)/python manage.py reset_demo
