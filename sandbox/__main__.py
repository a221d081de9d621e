"""`python -m sandbox --port 8001 --smtp-port 8025 [--state DIR] [--token TOKEN]`: run until told to stop."""

import argparse
import gc
import json
import os
import secrets
import signal
import sys
from pathlib import Path
from types import FrameType

from sandbox.server import Server, application, die_with_parent
from sandbox.settings import configure

_FEW_COLLECTIONS = 20_000


def main() -> int:
    """Start everything, print one JSON line when ready, serve until SIGTERM, SIGINT or the parent's end."""
    options = _options()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    die_with_parent()
    try:
        server = Server(options.port)
    except OSError as error:
        return _fail(f"The sandbox cannot listen on port {options.port}: {error.strerror}.")
    configure(port=server.server_port, token=options.token)

    import django
    from django.core.wsgi import get_wsgi_application

    django.setup()
    from sandbox import deliveries, mailbox
    from sandbox.kollus import platform_callbacks
    from sandbox.stripe import later
    from sandbox.stripe.acts import ACTS, tick
    from sandbox.worlds import open_worlds

    open_worlds(options.state)
    try:
        mails = mailbox.Mailbox(options.smtp_port)
    except OSError as error:
        return _fail(f"The sandbox cannot listen on port {options.smtp_port}: {error.strerror}.")
    mails.start()
    deliveries.start()
    platform_callbacks.start()
    later.start(ACTS, tick)
    server.set_app(application(get_wsgi_application()))
    _collect_rarely()
    ready = {
        "ready": True,
        "port": server.server_port,
        "smtp_port": mails.port,
        "token": options.token,
        "pid": os.getpid(),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)
    return 0


def _collect_rarely() -> None:
    """Records are JSON, which has no circles: do not search them, or what was imported, for some."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_FEW_COLLECTIONS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--smtp-port", type=int, default=8025)
    parser.add_argument("--state", type=Path, help="a directory; without it nothing outlives the process")
    parser.add_argument("--token", default=secrets.token_urlsafe(24), help="guards the controls")
    return parser.parse_args(_joined(sys.argv[1:]))


def _joined(words: list[str]) -> list[str]:
    """Return the words with the token joined to its name: one in 64 begins with a dash, like an option."""
    if "--token" not in words[:-1]:
        return words
    at = words.index("--token")
    return [*words[:at], f"--token={words[at + 1]}", *words[at + 2 :]]


def _stop(number: int, frame: FrameType | None) -> None:
    os._exit(0)  # at once: every record is on the shelf already, and a request that sleeps would hold us up


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
