"""Background work is asked for after the commit, in a way that a dead broker turns into a late job and
never an error.
"""

import logging
import time
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: "Task[..., Any]", **kwargs: Any) -> None:
    """This will run the task after the present transaction commits.

    The sweep makes up for a message that is lost.
    """
    transaction.on_commit(lambda: _publish(task, kwargs), robust=True)


def hint(task: "Task[..., Any]", *, within_seconds: float = 0.25) -> None:
    """This will run a task that works through rows, soon after the present transaction commits.

    While a hint of this process is on its way no second is sent: it will be heard after this row was
    written. A burst of rows so costs a few messages a second.
    """
    transaction.on_commit(lambda: _hint(task, within_seconds), robust=True)


_heard_at: dict[str, float] = {}


def _hint(task: "Task[..., Any]", within_seconds: float) -> None:
    now = time.monotonic()
    if now < _heard_at.get(task.name, 0):
        return
    _heard_at[task.name] = now + within_seconds
    _publish(task, {}, countdown=within_seconds)


def _publish(task: "Task[..., Any]", kwargs: dict[str, Any], **options: Any) -> None:
    try:
        task.apply_async(kwargs=kwargs, retry=False, **options)
    except (OperationalError, OSError) as error:
        logger.warning("job not enqueued", extra={"task": task.name, "reason": type(error).__name__})
