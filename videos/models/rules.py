"""What a player may do with a film: said by the film, else by the channel at Kollus that it lies in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutputProtection(models.TextChoices):
    """What the cable to a display must be able to do; licences of Multi DRM demand it."""

    NONE = "none", _("Any display")
    HDCP1 = "hdcp1", _("HDCP 1.4 or newer")
    HDCP2 = "hdcp2", _("HDCP 2.2 or newer")


class PlayingRules(models.Model):
    """The switches that a film and its channel have alike. What a film leaves open its channel decides, and
    what both leave open is allowed.
    """

    shows_code = models.BooleanField(
        _("viewer's code in the picture"),
        null=True,
        blank=True,
        help_text=_(
            "Leads from a recording to the viewer: “manage.py trace CODE”. Catenoid must have switched on"
            " visible watermarks for your account. In full screen an iPhone and Samsung's browser show none."
        ),
    )
    locks_seeking = models.BooleanField(
        _("no skipping ahead"),
        null=True,
        blank=True,
        help_text=_("Until a film was watched to its end, the viewer can go no further than he has come."),
    )
    locks_speed = models.BooleanField(_("normal speed only"), null=True, blank=True)
    blocks_displays = models.BooleanField(
        _("no external displays"),
        null=True,
        blank=True,
        help_text=_("For Kollus' installed players. Left open, the channel's setting at Kollus holds."),
    )
    blocks_virtual_machines = models.BooleanField(
        _("not in virtual machines"),
        null=True,
        blank=True,
        help_text=_("For Kollus' installed player on Windows, which refuses them unless this says No."),
    )
    longest_viewing_minutes = models.PositiveSmallIntegerField(
        _("minutes per viewing"),
        null=True,
        blank=True,
        help_text=_("After so many minutes of playing the film stops, and has to be started again."),
    )
    output_protection = models.CharField(
        _("displays"),
        max_length=5,
        choices=OutputProtection.choices,
        default="",
        db_default="",
        blank=True,
        help_text=_("For films under Multi DRM: the licence is refused where the display can't do it."),
    )

    class Meta:
        abstract = True


class Channel(PlayingRules):
    """A channel at Kollus, with the rules of the films in it and what was looked after in Kollus' console."""

    key = models.CharField(_("channel key"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.CheckConstraint(
                condition=Q(longest_viewing_minutes=None) | Q(longest_viewing_minutes__gt=0),
                name="channel_lets_play",
                violation_error_message=_("A viewing lasts a minute at least."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def is_the_shops(self) -> bool:
        """Whether films that name no channel lie in it."""
        return self.key == settings.KOLLUS_CHANNEL_KEY


class ConsoleCheck(models.Model):
    """Somebody has seen to what only Kollus' console can set, for a channel. Taken back, the row goes."""

    class Item(models.TextChoices):
        CAPTURE = "capture", _("Screen capture and recording are blocked")
        COUNTRY = "country", _("Only countries whose rights we have")
        REFERRER = "referrer", _("Only our own address may show the player")
        DUPLICATES = "duplicates", _("One viewer on several devices is blocked")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="console_checks")
    item = models.CharField(_("what"), max_length=12, choices=Item.choices)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    checked_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("check of Kollus' console")
        verbose_name_plural = _("checks of Kollus' console")
        constraints = [
            models.UniqueConstraint(fields=["channel", "item"], name="one_console_check_per_channel_item")
        ]

    def __str__(self) -> str:
        return self.get_item_display()
