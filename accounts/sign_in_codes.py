"""Signing in by a mailed code, or by the link beside it: asked for, tried, used once.

Asking does the same whatever is known of the address, so that neither words nor time tell who has an account.
Tries are counted per code and mails per mailbox, never by where they come from. Who is kept out by a stranger
that used up the mailbox's turns has a way in: the link of each mail, which nobody can guess, is good until
the turns come back.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import mailing
from accounts.models import Mail, SignInCode, User, normalize_email

_DIGITS: Final = 8
_SALT: Final = "accounts.sign_in_codes"
_HOUR_SECONDS: Final = 3600


def ask(
    *,
    email: str,
    then: str = "",
    language: str,
    for_user: User | None = None,
    template: str = "sign-in",
    at: datetime,
) -> SignInCode:
    """This will write the wish down and queue the mail with its code; `then` is where signing in leads.
    With `for_user` the code signs nobody in: it proves the address to be that user's new one. Another
    `template` says what else the code is for.

    Above five mails in an hour to one mailbox, or of one user, nothing is mailed, and the wish looks like any
    other.
    """
    email = normalize_email(email)
    wish = SignInCode(
        email=email,
        for_user=for_user,
        mailbox=_mailbox(email),
        window=datetime.fromtimestamp(int(at.timestamp()) // _HOUR_SECONDS * _HOUR_SECONDS, tz=UTC),
        then=then,
        asked_at=at,
    )
    of_this_hour = SignInCode.objects.filter(window=wish.window, turn__isnull=False)
    whose = Q(mailbox=wish.mailbox) if for_user is None else Q(mailbox=wish.mailbox) | Q(for_user=for_user)
    taken = of_this_hour.filter(whose).count()
    for turn in range(taken + 1, SignInCode.MAILS_AN_HOUR + 1):
        with suppress(IntegrityError):  # another wish for this mailbox was a moment faster: the next turn
            return _mailed(wish, turn, language, template)
    wish.pk, wish.turn = None, None
    wish.save(force_insert=True)
    return wish


def find(nonce: str) -> SignInCode | None:
    """This will find the wish to sign in that a browser's session names."""
    return SignInCode.objects.filter(nonce=nonce, for_user=None).first() if nonce else None


def find_change(nonce: str, user: User) -> SignInCode | None:
    """This will find a user's wish for another address that his browser's session names."""
    return SignInCode.objects.filter(nonce=nonce, for_user=user).first() if nonce else None


def use_code(wish: SignInCode, given: str, *, at: datetime) -> bool:
    """This will try a code, and return whether it was right and this call used it.

    A fifth wrong one is the last; so is a right one.
    """
    if not wish.try_once(at=at):
        return False
    is_right = any(constant_time_compare(_normal(given), code) for code in _codes(wish.nonce))
    return is_right and wish.claim(good_for=SignInCode.CODE_IS_GOOD_FOR, at=at)


def find_by_link(token: str, *, at: datetime) -> SignInCode | None:
    """This will find the wish that a mailed link stands for; None where it is not good any more."""
    try:
        wish = find(_signer().unsign(token))
    except signing.BadSignature:
        return None
    is_good = wish is not None and wish.used_at is None and at < wish.asked_at + SignInCode.LINK_IS_GOOD_FOR
    return wish if is_good else None


def use_link(wish: SignInCode, *, at: datetime) -> bool:
    """This will use a mailed link, and return whether this call did."""
    return wish.claim(good_for=SignInCode.LINK_IS_GOOD_FOR, at=at)


def code_of(nonce: str) -> str:
    """This will make the code of a wish, in two groups: "1234 5678"."""
    code = next(_codes(nonce))
    return f"{code[:4]} {code[4:]}"


def link_token(nonce: str) -> str:
    """This will make the token of a wish's link."""
    return _signer().sign(nonce)


def forget(*, before: datetime) -> int:
    """This will delete the wishes from before that instant and their mails; returns how many wishes."""
    old = SignInCode.objects.filter(asked_at__lt=before).values_list("pk", flat=True)
    return delete(SignInCode.objects.filter(pk__in=list(old[:5000])))


@transaction.atomic
def delete(wishes: QuerySet[SignInCode]) -> int:
    """This will delete wishes and their mails, and return how many wishes."""
    old = list(wishes.values_list("pk", "nonce"))
    Mail.objects.filter(cause__in=[_cause(nonce) for _pk, nonce in old]).delete()
    SignInCode.objects.filter(pk__in=[pk for pk, _nonce in old]).delete()
    return len(old)


@transaction.atomic
def _mailed(wish: SignInCode, turn: int, language: str, template: str) -> SignInCode:
    wish.pk, wish.turn = None, turn
    wish.save(force_insert=True)
    mailing.put(
        cause=_cause(wish.nonce),
        template=template,
        to=wish.email,
        language=language,
        context={"nonce": wish.nonce},
    )
    return wish


def _cause(nonce: str) -> str:
    return f"sign-in:{nonce}"


def _codes(nonce: str) -> Iterator[str]:
    """By the present key, then by those that were valid a moment ago."""
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        digest = salted_hmac(_SALT, nonce, secret=key, algorithm="sha256").digest()
        yield f"{int.from_bytes(digest, 'big') % 10**_DIGITS:0{_DIGITS}}"


def _normal(given: str) -> str:
    """As typed or pasted, with spaces, dashes or an East Asian keyboard's wide digits."""
    return "".join(each for each in unicodedata.normalize("NFKC", given) if each in "0123456789")


def _mailbox(email: str) -> str:
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")
