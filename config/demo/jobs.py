"""The background work inside the web process: a real Celery worker and its beat, each a thread."""

import logging
import threading
import time
from typing import Any, Final

from celery.beat import EmbeddedService, Scheduler
from django.conf import settings

from config.celery import app

logger = logging.getLogger(__name__)

# Pool "solo": "threads" crawls when embedded.
_SHAPE: Final[dict[str, Any]] = {"hostname": "embedded@localhost", "pool_cls": "solo", "without_gossip": True}


class Jobs:
    """Start once, stop once. What is lost at a kill is found again by the sweep: messages are only hints."""

    def __init__(self) -> None:
        self._is_stopping = False
        self._worker: Any = None
        self._beat: Any = None

    def start(self) -> None:
        """Begin to work in two daemon threads."""
        for folder in ("messages", "control"):
            (settings.DATA_DIR / "jobs" / folder).mkdir(parents=True, exist_ok=True)
        app.set_default()  # Celery's current app is thread-local: without this the threads know no task
        app.finalize()
        threading.Thread(target=self._work, name="celery-worker", daemon=True).start()
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._beat.start()

    def stop(self) -> None:
        """Take no further job; a running one ends with the process."""
        self._is_stopping = True
        for part in (self._beat, self._worker):
            if part is not None:
                part.stop()

    def _work(self) -> None:
        while not self._is_stopping:
            try:
                self._worker = app.WorkController(**_SHAPE)
                self._worker.start()
            except Exception:
                logger.exception("background worker failed and starts again")
                time.sleep(1)
