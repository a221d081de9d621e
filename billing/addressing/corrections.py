"""A guest's mistyped address, put right by who paid, from the order's page.

Whoever holds the purchase may, until somebody has proved the address to be his: then it is that person's too.
Nothing is looked up by either address, so that nobody learns here who has an account.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import mailing, undelivered
from accounts.models import Mail, normalize_email
from billing.models import MembershipPeriod, Order, UnpaidRenewal
from billing.settling import receipt_letters


class TooLate(Exception):
    """The address was proved, or put right elsewhere, or too often. Nothing changed."""


@transaction.atomic
def correct(order: Order, *, email: str, at: datetime) -> bool:
    """This will send an order's mail to another address from now on, its receipt anew, and return whether
    that changed anything. Links in what was mailed before are dead; the address before is told that it was a
    mistake, if it got any mail. All orders of a membership go with its first one.

    :raises TooLate: nothing changed.
    """
    email, was = normalize_email(email), order.email
    if email == was:
        return False
    lead = _lead(order)
    if lead.email != was or not lead.correct_email(email):
        raise TooLate
    others = _others(lead)
    others.filter(email=was, user=None).update(email=email, email_corrections=F("email_corrections") + 1)
    order.refresh_from_db(fields=["email", "email_corrections", "user"])
    for each in {lead.pk: lead, order.pk: order}.values():
        _move_mails(each, was=was, is_renewal=each.pk != lead.pk, at=at)
    for renewal in UnpaidRenewal.objects.filter(membership__order=lead):
        UnpaidRenewal.objects.filter(pk=renewal.pk).update(token_hash=secrets.token_hex(32))
    return True


def _lead(order: Order) -> Order:
    """The order that began the membership, or the order itself: its row is the one to agree on."""
    period = MembershipPeriod.objects.filter(order=order).select_related("membership__order__offer").first()
    return period.membership.order if period else order


def _others(lead: Order) -> QuerySet[Order]:
    return Order.objects.filter(period__membership__order=lead).exclude(pk=lead.pk)


def _move_mails(order: Order, *, was: str, is_renewal: bool, at: datetime) -> None:
    sent = Mail.objects.filter(to=was, cause__contains=order.reference, sent_at__isnull=False)
    has_got_mail = sent.exists()
    mailing.redirect(to=order.email, was=was, about=[order.reference], at=at)
    receipt_letters.send_anew(order, is_renewal=is_renewal, at=at)
    if has_got_mail and not undelivered.is_known(was):
        mailing.put(
            cause=f"address-corrected:{order.email_corrections}:{order.reference}",
            template="address-corrected",
            to=was,
            language=order.language,
            context={},
        )
