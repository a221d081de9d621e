"""Production's settings, with a place of their own for the collected files and a count of the SQL."""

from config.settings import *  # noqa: F403

STATIC_ROOT = DATA_DIR / "static"  # noqa: F405
MIDDLEWARE = ["tests.bench.sql_count.SqlCount", *MIDDLEWARE]  # noqa: F405
