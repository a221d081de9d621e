"""The sandbox's own small Django: no models, no sessions, no apps. Nothing of the shop is imported."""

import logging
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).resolve().parent


@dataclass
class ThisProcess:
    """What the command line chose: the port really bound, and the token that guards the controls."""

    port: int = 0
    token: str = ""


this_process = ThisProcess()


def configure(*, port: int, token: str) -> None:
    """Set Django up for this process."""
    this_process.port, this_process.token = port, token
    logging.getLogger("django.request").addFilter(lambda record: bool(record.exc_info))
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1", ".localhost"],
        DEBUG=False,
        DEFAULT_CHARSET="utf-8",
        LOGGING_CONFIG=None,
        MIDDLEWARE=["sandbox.urls.route_by_host"],
        ROOT_URLCONF="sandbox.urls",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        TIME_ZONE="UTC",
        USE_TZ=True,
    )


def origin(host: str) -> str:
    """Return the browser's address of one of our hosts: `origin("stripe.localhost")`."""
    return f"http://{host}:{this_process.port}"
