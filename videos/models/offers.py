"""How a film or a collection is to be had: the offers, and what each costs."""

from typing import Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import money
from videos.models.catalogue import Collection, Video


class OfferQuerySet(models.QuerySet["Offer"]):
    def on_sale(self) -> Self:
        return self.filter(is_active=True).filter(
            Q(video__is_published=True) | Q(collection__is_published=True), prices__retired_at=None
        )


class Offer(models.Model):
    """A way to get a video or a collection: to own it, to rent it, or to watch a collection as a member."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own")
        RENT = "rent", _("Rent")
        MEMBERSHIP = "membership", _("Membership")

    class Interval(models.TextChoices):
        MONTH = "month", _("Monthly")
        YEAR = "year", _("Yearly")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    interval = models.CharField(
        _("renews"), max_length=5, choices=Interval.choices, default="", db_default="", blank=True
    )
    video = models.ForeignKey(Video, on_delete=models.PROTECT, null=True, blank=True, related_name="offers")
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, blank=True, related_name="offers"
    )
    days_to_start = models.PositiveSmallIntegerField(_("days to start"), null=True, blank=True)
    hours_once_started = models.PositiveSmallIntegerField(_("hours once started"), null=True, blank=True)
    trial_days = models.PositiveSmallIntegerField(
        _("free days"),
        default=0,
        db_default=0,
        blank=True,
        help_text=_("A membership's first days, once per member and card; 0 for none."),
    )
    is_active = models.BooleanField(_("on sale"), default=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(
                condition=Q(video__isnull=True, collection__isnull=False)
                | Q(video__isnull=False, collection__isnull=True),
                name="offer_has_one_target",
                violation_error_message=_("An offer is for one video or for one collection."),
            ),
            models.CheckConstraint(
                condition=Q(kind="rent", days_to_start__gt=0, hours_once_started__gt=0)
                | Q(kind__in=["own", "membership"], days_to_start=None, hours_once_started=None),
                name="only_rent_has_times",
                violation_error_message=_(
                    "A rental needs days to start and hours once started; nothing else has them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="membership", interval__in=["month", "year"], collection__isnull=False)
                | (~Q(kind="membership") & Q(interval="")),
                name="only_membership_renews",
                violation_error_message=_(
                    "A membership is for a collection and renews monthly or yearly; nothing else renews."
                ),
            ),
            # Stripe's longest trial: https://docs.stripe.com/billing/subscriptions/trials
            models.CheckConstraint(
                condition=Q(trial_days=0) | Q(kind="membership", trial_days__lte=730),
                name="only_membership_has_trial",
                violation_error_message=_("Only a membership has free days, and at most 730 of them."),
            ),
            models.UniqueConstraint(
                fields=["kind", "video"],
                condition=Q(is_active=True),
                name="one_active_offer_per_video_kind",
                violation_error_message=_("This video has such an offer on sale already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "collection", "interval"],
                condition=Q(is_active=True),
                name="one_active_offer_per_collection_kind",
                violation_error_message=_("This collection has such an offer on sale already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.target}"

    @property
    def label(self) -> str:
        """What a buyer calls it: "Own", "Monthly membership"."""
        return offer_label(self.kind, self.interval)

    @property
    def key(self) -> str:
        """What tells the offers of one target apart in a page: "own", "membership-year"."""
        return f"{self.kind}-{self.interval}" if self.interval else self.kind

    @property
    def is_membership(self) -> bool:
        return self.kind == self.Kind.MEMBERSHIP

    @property
    def target(self) -> Video | Collection:
        """What is sold; `offer_has_one_target` sees to it that there is one."""
        return cast("Video | Collection", self.video or self.collection)


def offer_label(kind: str, interval: str) -> str:
    """This will name a way to get something, as a buyer would."""
    if interval == Offer.Interval.MONTH:
        return gettext("Monthly membership")
    if interval == Offer.Interval.YEAR:
        return gettext("Yearly membership")
    return str(Offer.Kind(kind).label)


class Price(models.Model):
    """What an offer costs in one currency, from `created_at` until `retired_at`.

    A version: it is never edited, since orders point at it; a new amount is a new row (`pricing.change`).
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code.upper()) for code in money.CURRENCIES]
    )
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    created_at = models.DateTimeField(_("from"), db_default=Now(), editable=False)
    retired_at = models.DateTimeField(_("until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="price_is_above_zero"),
            models.CheckConstraint(
                condition=Q(currency__in=money.CURRENCIES), name="price_currency_is_known"
            ),
            models.UniqueConstraint(
                fields=["offer", "currency"],
                condition=Q(retired_at=None),
                name="one_price_per_offer_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.amount_minor is None or not self.currency:
            return
        try:
            money.check_amount(self.amount_minor, self.currency)
        except money.BadAmount as error:
            raise ValidationError({"amount_minor": str(error)}) from error

    @property
    def text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)
