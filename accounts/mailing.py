"""The outbox: verbs put mails in, a task sends them. One mail per cause, however often either is called."""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Mail

logger = logging.getLogger(__name__)

_CLAIM = timedelta(minutes=2)
_MAX_ATTEMPTS = 12


def put(*, cause: str, template: str, to: str, language: str, context: dict[str, Any]) -> None:
    """This will queue one mail. Called again with the same cause it changes nothing.

    Call it inside the transaction of what the mail tells; `context` must be JSON.
    """
    mail = Mail(cause=cause, template=template, to=to, language=language, context=context)
    Mail.objects.bulk_create([mail], ignore_conflicts=True)


def send_waiting(*, at: datetime, limit: int = 50) -> int:
    """This will send what waits and return how many went out. Two callers never send the same mail.

    A mail that fails is tried again with growing gaps, at most twelve times. A server that is not there is no
    fault of any mail: all of them wait.
    """
    waiting = Mail.objects.filter(_is_due(at)).order_by("created_at", "id").values_list("id", flat=True)
    ids = list(waiting[:limit])
    if not ids:
        return 0
    try:
        with get_connection() as connection:
            return sum(_send(mail_id, connection, at=at) for mail_id in ids)
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("no mail server", extra={"error": type(error).__name__, "waiting": len(ids)})
        return 0


def send_again(mail: Mail, *, at: datetime) -> bool:
    """This will send one mail now, sent before or not, and return whether it went out.

    One that could not go out waits in the outbox like a new one. When it was first sent stays on record.
    """
    Mail.objects.filter(pk=mail.pk).update(sent_at=None, claimed_until=None, attempts=0)
    return _send(mail.pk, get_connection(), at=at)


def _is_due(at: datetime) -> Q:
    return Q(sent_at=None, attempts__lt=_MAX_ATTEMPTS) & (Q(claimed_until=None) | Q(claimed_until__lte=at))


def _send(mail_id: int, connection: BaseEmailBackend, *, at: datetime) -> bool:
    claimed = Mail.objects.filter(_is_due(at), id=mail_id).update(
        claimed_until=at + _CLAIM, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    mail = Mail.objects.get(id=mail_id)
    try:
        _message(mail, connection).send()
    except (
        smtplib.SMTPException,
        OSError,
        UnicodeError,
    ) as error:  # the last: a domain that cannot be written
        mail.error = type(error).__name__
        mail.claimed_until = at + timedelta(seconds=min(3600, 10 * 2**mail.attempts))
        mail.save(update_fields=["error", "claimed_until"])
        logger.warning(
            "mail not sent", extra={"mail": mail.id, "error": mail.error, "attempt": mail.attempts}
        )
        return False
    mail.mark_sent(at=at)
    return True


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    context = {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL, **mail.context}
    with translation.override(mail.language):
        subject = render_to_string(f"emails/{mail.template}-subject.txt", context)
        text = render_to_string(f"emails/{mail.template}-text.txt", context)
        html = render_to_string(f"emails/{mail.template}-html.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[mail.to],
        connection=connection,
        # The same id at each attempt, so that a mail sent twice is shown once.
        headers={"Message-ID": make_msgid_for(mail)},
    )
    message.attach_alternative(html, "text/html")
    return message


def make_msgid_for(mail: Mail) -> str:
    """This will name the mail by its row, the same at each attempt and on each machine."""
    domain = urlsplit(settings.SITE_URL).hostname
    return f"<mail-{mail.id}-{int(mail.created_at.timestamp())}@{domain}>"
