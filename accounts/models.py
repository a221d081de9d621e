"""People: who signs in and how, which purchases a browser holds, and the mails that wait to go out."""

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user known by `email`, which is stored in lower case.

        Without a password none will ever match.
        """
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; the e-mail address is the identity."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.email


def new_nonce() -> str:
    """128 bits that name a wish to sign in; its code and its link are made of them and the shop's key."""
    return secrets.token_hex(16)


class SignInCode(models.Model):
    """Somebody wants to sign in with an address, known or not. Where `turn` is set, a mail is on its way.

    Neither the code nor the link is kept: both are made of `nonce` with the shop's secret key.
    """

    CODE_IS_GOOD_FOR: Final = timedelta(minutes=10)
    LINK_IS_GOOD_FOR: Final = timedelta(hours=1)
    MOST_TRIES: Final = 5
    MAILS_AN_HOUR: Final = 5
    LONGEST_WAY: Final = 300

    nonce = models.CharField(max_length=32, unique=True, default=new_nonce, editable=False)
    email = models.EmailField(_("e-mail"))
    # Who wants to be known by this address from now on; nobody where it is to sign in.
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # The address without what stands behind a plus: one mailbox, however it is written.
    mailbox = models.EmailField(editable=False)
    window = models.DateTimeField(_("hour"))
    turn = models.PositiveSmallIntegerField(_("mail of this hour"), null=True, blank=True)
    then = models.CharField(_("leads to"), max_length=LONGEST_WAY, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in code")
        verbose_name_plural = _("sign-in codes")
        constraints = [
            # However many ask at once, a mailbox gets no more mails in an hour than these.
            models.UniqueConstraint(fields=["mailbox", "window", "turn"], name="one_sign_in_mail_per_turn"),
            models.CheckConstraint(
                condition=Q(turn=None) | Q(turn__gte=1, turn__lte=5), name="sign_in_mails_are_few"
            ),
            models.CheckConstraint(condition=Q(tries__lte=5), name="sign_in_tries_are_few"),
        ]
        # Serves the task that forgets.
        indexes = [models.Index(fields=["asked_at"], name="sign_in_code_asked")]

    def __str__(self) -> str:
        return self.nonce[:8]

    def is_open(self, *, at: datetime) -> bool:
        """Whether a code may still be tried."""
        is_fresh = at < self.asked_at + self.CODE_IS_GOOD_FOR
        return is_fresh and self.used_at is None and self.tries < self.MOST_TRIES

    def try_once(self, *, at: datetime) -> bool:
        """Count one try at the code, before it is looked at; False where there is none left."""
        rows = SignInCode.objects.filter(
            pk=self.pk,
            used_at=None,
            tries__lt=self.MOST_TRIES,
            asked_at__gt=at - self.CODE_IS_GOOD_FOR,
        )
        counted = rows.update(tries=F("tries") + 1)
        self.refresh_from_db(fields=["tries", "used_at"])
        return bool(counted)

    def claim(self, *, good_for: timedelta, at: datetime) -> bool:
        """Use the code or the link, and return whether this call did: one of them, once, while it is good."""
        rows = SignInCode.objects.filter(
            pk=self.pk, used_at=None, turn__isnull=False, asked_at__gt=at - good_for
        )
        claimed = rows.update(used_at=at)
        self.refresh_from_db(fields=["used_at"])
        return bool(claimed)


class FormerAddress(models.Model):
    """An address that was a user's before he took another one: mails to it were to him."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_addresses"
    )
    address = models.EmailField(_("address"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.address


class SignedInQuerySet(models.QuerySet["SignedIn"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def alive(self, *, at: datetime) -> Self:
        """Those whose session has neither ended nor run out."""
        sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
        return self.filter(Exists(sessions))


class SignedIn(models.Model):
    """A browser in which somebody is signed in: shown to him, so that he can end it. No address is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in")
    reference = models.CharField(max_length=32, unique=True, default=new_nonce, editable=False)
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    device = models.CharField(_("browser and device"), max_length=60, blank=True)
    signed_in_at = models.DateTimeField(_("signed in"))

    objects = SignedInQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed-in browser")
        verbose_name_plural = _("signed-in browsers")

    def __str__(self) -> str:
        return self.device or self.reference[:8]


class Pass(models.Model):
    """One browser's right to one purchase: `visitor` is the id its session carries, `reference` the purchase.

    Once somebody signed in with the pass in hand it is his too, on every device (`user`).

    A row, not a value inside the session, so that two tabs cannot overwrite each other's, and so that a
    purchase settled after the tab was closed is still there when the browser comes back.
    """

    visitor = models.CharField(max_length=32)
    reference = models.CharField(max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="passes"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        constraints = [models.UniqueConstraint(fields=["visitor", "reference"], name="one_pass_per_purchase")]

    def __str__(self) -> str:
        return self.reference


class Mail(models.Model):
    """The outbox: one row per mail and cause, written in the transaction that caused it, sent by a task."""

    # What stands in the place of words that were let go of: such a mail is not sent again.
    FORGOTTEN: Final = {"is_forgotten": True}

    cause = models.CharField(_("cause"), max_length=120, unique=True)
    template = models.CharField(_("template"), max_length=40)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=10)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    # What rests on a mail having gone out rests on this: sending it again moves `sent_at` alone.
    first_sent_at = models.DateTimeField(_("first sent"), null=True, editable=False)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    # An attempt ended without a word: the server may have taken it. The next attempt carries the same id.
    may_be_twice = models.BooleanField(_("may have arrived twice"), db_default=False, editable=False)
    # No server will take it: refused for good, or tried for the last time.
    given_up_at = models.DateTimeField(_("given up"), null=True, editable=False)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        # Serve the task that looks for mails to send, and the admin's search by address and its filter.
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="mail_waiting"),
            models.Index(fields=["to", "-id"], name="mail_to"),
            models.Index(fields=["-id"], condition=models.Q(may_be_twice=True), name="mail_twice"),
            models.Index(fields=["-id"], condition=models.Q(given_up_at__isnull=False), name="mail_given_up"),
        ]

    def __str__(self) -> str:
        return self.cause

    def mark_sent(self, *, at: datetime) -> None:
        self.sent_at, self.error = at, ""
        self.first_sent_at = self.first_sent_at or at
        self.save(update_fields=["sent_at", "first_sent_at", "error"])


class Undeliverable(models.Model):
    """An address that mail does not reach. It is written to all the same; what gets through takes this away,
    unless it was a report that told so: a server that takes a mail in may fail to deliver it later.
    """

    class Told(models.TextChoices):
        REFUSED = "refused", _("Refused by its server")
        TRIED = "tried", _("Tried in vain")
        REPORTED = "reported", _("Came back")

    address = models.EmailField(_("address"), unique=True)
    told = models.CharField(_("how we know"), max_length=10, choices=Told.choices)
    code = models.CharField(_("server's code"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("undeliverable address")
        verbose_name_plural = _("undeliverable addresses")

    def __str__(self) -> str:
        return self.address


class SharedCache(models.Model):
    """The table of Django's database cache, in the shape that its `createcachetable` would give it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


# The domain of who was erased, which no mail server is reached by: RFC 2606.
ERASED: Final = "erased.invalid"


def normalize_email(email: str) -> str:
    """This will give the one spelling under which an address is stored and compared."""
    return email.strip().lower()
