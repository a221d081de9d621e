from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts import holding_back, mailing, sign_in_codes


@shared_task(name="accounts.tasks.send_mail")
def send_mail() -> int:
    now = timezone.now()
    holding_back.hold_back(at=now)
    return mailing.send_waiting(at=now)


@shared_task(name="accounts.tasks.forget_sign_ins")
def forget_sign_ins() -> int:
    """Soon after it was asked for, a code is of no use to anyone, and the address is nobody's business."""
    return sign_in_codes.forget(before=timezone.now() - timedelta(days=settings.KEEP_SIGN_IN_CODES_DAYS))
