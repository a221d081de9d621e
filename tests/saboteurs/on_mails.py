"""Attacks on mails and addresses: told twice, changed by a stranger, proved by a guess."""

from functools import partial

from django.utils import timezone

from tests import promises
from tests.concurrency.racing import all_at_once
from tests.concurrency.stage import Stage
from videos import rentals
from videos.models import Entitlement


def a_rentals_end_is_told_by_two(stage: Stage) -> None:
    """Two workers find the same rental about to end."""
    now = timezone.now()
    right = Entitlement.objects.create(
        reason="purchase", reference="r" * 32, video=stage.film, starts_at=now, hours_once_started=1
    )
    right.start(at=now)
    assert right.ends_at is not None
    tell = partial(rentals.tell_once, right, at=now)

    promises.keep(sorted(all_at_once(tell, tell)) == [False, True], "one end was told of twice")
