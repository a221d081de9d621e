#!/bin/sh
# Every step by its name; the first that fails ends the run.
set -eu
bin=${VENV:-.venv}/bin

step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || { printf '\n== %s FAILED\n' "$name"; exit 1; }
}

step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "types" "$bin/mypy" .
step "migrations" "$bin/python" manage.py makemigrations --check --dry-run --settings config.settings_test
step "translations" "$bin/python" -m config.translations --check
step "deployment" env -i PATH="$PATH" "$bin/python" .ci/check_deployment.py
step "tests" "$bin/python" -m pytest
printf '\n== all steps passed\n'
