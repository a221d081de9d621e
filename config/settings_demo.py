"""The settings of `make run`: production's code on SQLite, files and the sandbox."""

import os
from pathlib import Path

from config import env
from config.demo import environment

_BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env_file(_BASE_DIR / os.environ.get("ENV_FILE", ".env"))
environment.prepare(Path(env.env_str("DATA_DIR", str(_BASE_DIR / "var"))).resolve(), environment.ports())

from config.settings import *  # noqa: E402, F403

# Files as they are, found where they lie: nothing to collect before the first start.
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
