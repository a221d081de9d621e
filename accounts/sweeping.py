"""A sweep gives each row its turn: what goes wrong with one keeps nobody behind it waiting."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

_M = TypeVar("_M", bound=Model)
_Row = TypeVar("_Row")


def if_any(rows: QuerySet[_M]) -> Iterable[_M]:
    """This will give the rows, with all that is read beside them, but only ask for that if there are some.

    A sweep mostly finds nothing, and a wide statement takes longer to put together than to run.
    """
    return rows if rows.exists() else ()


def one_by_one(rows: Iterable[_Row], act: Callable[[_Row], int]) -> int:
    """This will act on each row and return the sum of what that gives, as of how many moved.

    Whatever goes wrong is raised, but once all rows had their turn: the job is seen to fail, and the rest is
    done.

    :raises Exception: what went wrong; of several rows an `ExceptionGroup`.
    """
    moved, troubles = 0, []
    for row in rows:
        try:
            moved += act(row)
        except Exception as error:  # noqa: BLE001 (raised below)
            troubles.append(error)
    if len(troubles) > 1:
        raise ExceptionGroup(f"{len(troubles)} of a sweep went wrong", troubles)
    if troubles:
        raise troubles[0]
    return moved
