"""The addresses of database, broker and mail server, from URLs to what Django and Celery want."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Of prepared statements alone; Django's own are none.
_PLANNED_ONCE: Final = "-c plan_cache_mode=force_generic_plan"


def database(url: str, *, threads: int) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///path` or `postgresql://user:password@host:port/name?option=value`.

    A PostgreSQL pool holds a connection for each of `threads` and a few more for what runs beside them. The
    option `prepare_threshold` says at which call a statement of `accounts.prepared` is planned for good: by
    itself PostgreSQL would plan the one that opens a viewing anew at each call.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite:///"))
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url, pool_size=threads + 4)
    raise ImproperlyConfigured(
        "DATABASE_URL must begin with postgresql:// or sqlite:///, as in postgresql://shop:password@db:5432/shop."
    )


def broker(redis_url: str, *, folder: Path) -> dict[str, Any]:
    """Celery's broker settings: Redis, or files in `folder` where no REDIS_URL is given.

    A broker that is down is given up at once, a silent one within two seconds: a job is a hint, never a wait.
    """
    if redis_url:
        patience = {"socket_connect_timeout": 1, "socket_timeout": 2, "visibility_timeout": 600}
        one_more_try = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
        return {"CELERY_BROKER_URL": redis_url, "CELERY_BROKER_TRANSPORT_OPTIONS": patience | one_more_try}
    folders = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,  # the default of 1.0 is the latency of every job
    }
    return {"CELERY_BROKER_URL": "files://localhost", "CELERY_BROKER_TRANSPORT_OPTIONS": folders}


def mail(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://user:password@host:port?tls=1` (`ssl=1` for SMTP over TLS)."""
    parts = _parsed("EMAIL_URL", url, "smtp://user:password@host:587?tls=1")
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "smtp" or not parts.hostname or set(options) - {"tls", "ssl"}:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587?tls=1.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": options.get("tls") == "1",
        "EMAIL_USE_SSL": options.get("ssl") == "1",
    }


def _sqlite(path: str) -> dict[str, Any]:
    # With WAL and IMMEDIATE, writers queue for up to `timeout` seconds instead of failing as "locked".
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgresql(url: str, *, pool_size: int) -> dict[str, Any]:
    parts = _parsed("DATABASE_URL", url, "postgresql://shop:password@db:5432/shop")
    options = dict(parse_qsl(parts.query))
    threshold = options.pop("prepare_threshold", "3")
    if threshold != "none" and not threshold.isdecimal():
        raise ImproperlyConfigured("prepare_threshold in DATABASE_URL must be a number, or none.")
    pool = {"min_size": 2, "max_size": pool_size, "timeout": 10}
    prepare_threshold = None if threshold == "none" else int(threshold)
    if prepare_threshold is not None:
        options["options"] = f"{_PLANNED_ONCE} {options.get('options', '')}".rstrip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),  # ?host=/folder is how a socket's folder is given
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # required beside a pool
        "OPTIONS": {"pool": pool, "prepare_threshold": prepare_threshold, **options},
    }


def _parsed(name: str, url: str, example: str) -> Any:
    parts = urlsplit(url)
    try:
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} has a port that is not a number; it must look like {example}."
        ) from None
    return parts
