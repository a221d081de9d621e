"""Background work is asked for after the commit, in a way that a dead broker turns into a late job and
never an error.
"""

import logging
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


def _publish(task: "Task[..., Any]", kwargs: dict[str, Any]) -> None:
    try:
        task.apply_async(kwargs=kwargs, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("job not enqueued", extra={"task": task.name, "reason": type(error).__name__})
