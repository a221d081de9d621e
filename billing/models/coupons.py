"""Coupons, and who holds or had a use of one. The constraints hold the limits, however many ask at once."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order
from videos import money
from videos.models import Offer


def normalize_code(typed: str) -> str:
    """How a code is kept and found: people write it in any case, and copy it with spaces."""
    return "".join(typed.split()).upper()


class Coupon(models.Model):
    """A code that takes a percentage, or an amount per currency, off what it holds for."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    percent = models.PositiveSmallIntegerField(_("percent off"), null=True, blank=True)
    uses_limit = models.PositiveIntegerField(_("uses in total"), null=True, blank=True)
    uses_per_buyer = models.PositiveSmallIntegerField(_("uses per buyer"), null=True, blank=True, default=1)
    # Held by orders under way, and spent by paid ones. Moved under its check, whoever counts otherwise.
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    offers = models.ManyToManyField(Offer, verbose_name=_("only for"), blank=True, related_name="coupons")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=1, percent__lte=100),
                name="coupon_percent_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(uses_limit=None) | Q(used__lte=F("uses_limit")), name="coupon_uses_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="coupon_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_used_up(self) -> bool:
        return self.uses_limit is not None and self.used >= self.uses_limit

    def count_use(self) -> bool:
        """Set one use aside, and return whether there was one; nobody else can until we commit."""
        free = Coupon.objects.filter(pk=self.pk, is_active=True)
        return bool(free.filter(Q(uses_limit=None) | Q(used__lt=F("uses_limit"))).update(used=F("used") + 1))

    def uncount_use(self) -> None:
        """Give one use back."""
        Coupon.objects.filter(pk=self.pk).update(used=F("used") - 1)


class CouponAmount(models.Model):
    """What a coupon of a fixed amount takes off in one currency."""

    coupon = models.ForeignKey(Coupon, on_delete=models.CASCADE, related_name="amounts")
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code.upper()) for code in money.CURRENCIES]
    )
    amount_minor = models.BigIntegerField(_("amount in minor units"))

    class Meta:
        verbose_name = _("amount off")
        verbose_name_plural = _("amounts off")
        constraints = [
            models.UniqueConstraint(fields=["coupon", "currency"], name="one_amount_per_coupon_currency"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="coupon_amount_is_above_zero"),
        ]

    def __str__(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)


class CouponUseQuerySet(models.QuerySet["CouponUse"]):
    def by(self, *, visitor: str, address: str) -> Self:
        """Uses of one buyer: the same browser or the same address."""
        mine = Q(visitor=visitor) if visitor else Q(pk__in=[])
        return self.filter(mine | Q(address=address) if address else mine)


class CouponUse(models.Model):
    """One use, held for an order while that may still take money, and its for good once it is paid.

    A refund does not give it back. `turn` tells a buyer's uses of one coupon apart.
    """

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="coupon_use")
    visitor = models.CharField(_("browser"), max_length=32)
    address = models.EmailField(_("address"))
    turn = models.PositiveSmallIntegerField(_("turn"))
    held_at = models.DateTimeField(_("held since"))

    objects = CouponUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon use")
        verbose_name_plural = _("coupon uses")
        constraints = [
            models.UniqueConstraint(fields=["coupon", "visitor", "turn"], name="one_coupon_turn_per_browser"),
            models.UniqueConstraint(fields=["coupon", "address", "turn"], name="one_coupon_turn_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id}/{self.order_id}"


class CouponGuess(models.Model):
    """How many unknown codes were tried in one window of time, by one browser or for one film."""

    key = models.CharField(max_length=80)
    window = models.DateTimeField(_("since"))
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("coupon guess")
        verbose_name_plural = _("coupon guesses")
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_guess_count_per_window")]
        indexes = [models.Index(fields=["window"], name="coupon_guess_old")]  # serves the clearing away

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def add(key: str, *, window: datetime) -> None:
        """Count one more."""
        CouponGuess.objects.bulk_create([CouponGuess(key=key, window=window)], ignore_conflicts=True)
        CouponGuess.objects.filter(key=key, window=window).update(count=F("count") + 1)
