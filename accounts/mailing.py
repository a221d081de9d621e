"""The outbox: verbs put mails in, a task sends them. One mail per cause, however often either is called."""

import logging
import smtplib
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Case, F, Q, Value, When

from accounts import letters, undelivered
from accounts.models import ERASED, Mail, Undeliverable

logger = logging.getLogger(__name__)

_CLAIM = timedelta(minutes=2)
_MAX_ATTEMPTS = 12
# After these nobody knows whether the server had said yes.
_LOST = (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionResetError, BrokenPipeError)


def put(*, cause: str, template: str, to: str, language: str, context: dict[str, Any]) -> None:
    """This will queue one mail. Called again with the same cause it changes nothing.

    Call it inside the transaction of what the mail tells; `context` must be JSON. Who was erased gets none.
    """
    if to.endswith(f"@{ERASED}"):
        return
    mail = Mail(cause=cause, template=template, to=to, language=language, context=context)
    Mail.objects.bulk_create([mail], ignore_conflicts=True)


def send_waiting(*, at: datetime, limit: int = 50) -> int:
    """This will send what waits and return how many went out. Two callers never send the same mail.

    A mail that fails is tried again with growing gaps, at most twelve times; one whose address is refused for
    good is given up at once. A server that is not there is no
    fault of any mail: all of them wait. A mail goes out twice only where this process, or the connection,
    dies between the server's yes and our commit; such a mail says so, and both carry one Message-ID.
    """
    waiting = Mail.objects.filter(_is_due(at)).order_by("created_at", "id").values_list("id", flat=True)
    ids = list(waiting[:limit])
    if not ids:
        return 0
    sent, began = 0, time.monotonic()
    try:
        with get_connection() as connection:
            for mail_id in ids:
                late = timedelta(seconds=time.monotonic() - began)  # a slow server's
                sent += _send(mail_id, connection, at=at, claim=late + _CLAIM)
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("no mail server", extra={"error": type(error).__name__, "waiting": len(ids) - sent})
    return sent


def send_again(mail: Mail, *, at: datetime) -> bool:
    """This will send one mail now, sent before or not, and return whether it went out.

    One that could not go out waits in the outbox like a new one. When it was first sent stays on record.
    One whose words were let go of stays as it is.
    """
    if mail.context == Mail.FORGOTTEN:
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=None, claimed_until=None, given_up_at=None, attempts=0)
    with suppress(*_LOST):
        return _send(mail.pk, get_connection(), at=at, claim=_CLAIM)
    return False


def redirect(*, to: str, was: str, about: Collection[str], at: datetime) -> int:
    """This will send what has not gone out yet about the purchases `about` to another address, and return how
    many mails. What is on its way in this moment stays as it is.
    """
    waiting = Mail.objects.filter(to=was, sent_at=None).exclude(Q(claimed_until__gt=at, error=""))
    its = [pk for pk, cause in waiting.values_list("pk", "cause") if cause.rpartition(":")[2] in about]
    return waiting.filter(pk__in=its).update(
        to=to, attempts=0, error="", claimed_until=None, given_up_at=None
    )


def _is_due(at: datetime) -> Q:
    is_tried = Q(sent_at=None, given_up_at=None, attempts__lt=_MAX_ATTEMPTS)
    return is_tried & (Q(claimed_until=None) | Q(claimed_until__lte=at))


def _send(mail_id: int, connection: BaseEmailBackend, *, at: datetime, claim: timedelta) -> bool:
    # Tried before, and nobody came back to say how that ended.
    is_unknown = When(attempts__gt=0, error="", then=Value(True))
    claimed = Mail.objects.filter(_is_due(at), id=mail_id).update(
        claimed_until=at + claim,
        attempts=F("attempts") + 1,
        error="",
        may_be_twice=Case(is_unknown, default=F("may_be_twice")),
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
        _note_failure(mail, error, at=at)
        if isinstance(error, _LOST):
            raise
        return False
    mail.mark_sent(at=at)
    undelivered.forget_refusal(mail.to)
    return True


def _note_failure(mail: Mail, error: Exception, *, at: datetime) -> None:
    mail.error = type(error).__name__
    mail.may_be_twice |= isinstance(error, _LOST)
    mail.claimed_until = at + timedelta(seconds=min(3600, 10 * 2**mail.attempts))
    refusal = undelivered.refusal(error)
    if refusal is not None:
        mail.error = f"{mail.error} {refusal.code}".strip()
    if refusal is not None and refusal.is_final:
        mail.given_up_at = at
        undelivered.note(mail.to, told=Undeliverable.Told.REFUSED, code=refusal.code, at=at)
    elif mail.attempts >= _MAX_ATTEMPTS:
        mail.given_up_at = at
        if refusal is not None:
            undelivered.note(mail.to, told=Undeliverable.Told.TRIED, code=refusal.code, at=at)
    mail.save(update_fields=["error", "may_be_twice", "claimed_until", "given_up_at"])
    logger.warning("mail not sent", extra={"mail": mail.id, "error": mail.error, "attempt": mail.attempts})


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    letter = letters.write(mail.template, language=mail.language, context=mail.context)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[mail.to],
        connection=connection,
        # The same id at each attempt, so that a mail sent twice is shown once.
        headers={"Message-ID": make_msgid_for(mail)},
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def make_msgid_for(mail: Mail) -> str:
    """This will name the mail by its row, the same at each attempt and on each machine."""
    domain = urlsplit(settings.SITE_URL).hostname
    return f"<mail-{mail.id}-{int(mail.created_at.timestamp())}@{domain}>"
