"""The background work inside the web process: a real Celery worker and its beat, each a thread."""

import logging
import threading
import time
from typing import Any, Final

from celery.beat import EmbeddedService, Scheduler
from celery.worker import state
from django.conf import settings

from config.celery import app

logger = logging.getLogger(__name__)

# Pool "solo": "threads" crawls when embedded.
_SHAPE: Final[dict[str, Any]] = {"hostname": "embedded@localhost", "pool_cls": "solo", "without_gossip": True}


class Jobs:
    """Start once, stop once. What is lost at a kill is found again by the sweep: messages are only hints."""

    def __init__(self) -> None:
        self._is_stopping = False
        self._worker = threading.Thread(target=self._work, name="celery-worker", daemon=True)
        self._beat: Any = None

    def start(self) -> None:
        """Begin to work in two daemon threads."""
        for folder in ("messages", "control"):
            (settings.DATA_DIR / "jobs" / folder).mkdir(parents=True, exist_ok=True)
        app.set_default()  # Celery's current app is thread-local: without this the threads know no task
        app.finalize()
        self._worker.start()
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._beat.start()

    def stop(self) -> None:
        """Take no further job, and give a running one a second to end."""
        self._is_stopping = True
        self._beat.service.stop()  # its own stop() waits for the next tick
        state.should_stop = 0  # type: ignore[assignment] # the worker's loop leaves with this status
        self._worker.join(1)

    def _work(self) -> None:
        while not self._is_stopping:
            try:
                app.WorkController(**_SHAPE).start()
            except Exception:
                logger.exception("background worker failed and starts again")
                time.sleep(1)
