"""What `make` says on a machine that is not ready."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def _bootstrap(python: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/bootstrap.sh", "run"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHON": str(python), "VENV": str(folder / "venv")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (None, "Matinee needs Python 3.11 or newer, and there is no "),
        (
            "case $* in *version_info*) exit 1;; *) echo Python 3.9.2;; esac",
            "and {python} is Python 3.9.2: set PYTHON=",
        ),
        ("case $* in *ensurepip*) exit 1;; esac", "Python's venv module is missing here: install it"),
    ],
    ids=["no Python", "old Python", "no venv module"],
)
def test_what_is_missing_is_one_clear_sentence(script: str | None, sentence: str, tmp_path: Path) -> None:
    python = tmp_path / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)

    answer = _bootstrap(python, tmp_path)

    assert answer.returncode == 1
    assert sentence.format(python=python) in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "venv").exists()
