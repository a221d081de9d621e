"""What is shown and sold: videos and collections, with their texts."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from videos.models import languages, video_promises
from videos.models.licences import Licence, sold_at
from videos.models.rule_sql import wanted_output
from videos.models.rules import Channel, PlayingRules
from videos.models.translated import Translated


class VideoQuerySet(models.QuerySet["Video"]):
    def in_shop(self, *, at: datetime) -> Self:
        """Those that are shown and sold at this instant."""
        return self.filter(sold_at(at), is_published=True)

    def with_texts(self) -> Self:
        return self.prefetch_related("texts")

    def with_wanted_output(self) -> Self:
        """With what a display must be able to do, by the film's own rule or its channel's."""
        return self.annotate(wanted_output=wanted_output())


class Video(Translated, Licence, PlayingRules):
    """One film with its keys at Kollus."""

    class Protection(models.TextChoices):
        NONE = "none", _("None: plays anywhere")
        MULTI_DRM = "multi_drm", _("Multi DRM: plays in browsers")
        KOLLUS = "kollus", _("Kollus DRM: needs the Kollus player")

    class Broken(models.TextChoices):
        GONE = "gone", _("Kollus has no such file in its library.")
        UNPREPARED = "unprepared", _("Kollus has not prepared the film.")
        NO_CHANNEL = "no_channel", _("The film is not in the shop's channel at Kollus.")
        PROTECTION = "protection", _("The file at Kollus is not protected as the video says.")

    slug = models.SlugField(_("address"), unique=True)
    # The durable id: the media content key changes when the film leaves its channel and comes back.
    upload_file_key = models.CharField(_("upload file key"), max_length=64, blank=True)
    # Empty until the film is in its channel.
    media_content_key = models.CharField(_("media content key"), max_length=16, blank=True, default="")
    protection = models.CharField(
        _("protection"),
        max_length=12,
        choices=Protection.choices,
        default=Protection.MULTI_DRM,
        help_text=_(
            "Multi DRM plays in browsers, on a computer or a phone, and its file is sent unencrypted."
            " Kollus DRM plays in Kollus' own player only, which every viewer must install; its file is sent"
            " encrypted. None protects nothing but the link."
        ),
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="videos",
        verbose_name=_("channel"),
        help_text=_("Where it lies at Kollus; left open, in the channel that the settings name."),
    )
    plays_from_seconds = models.PositiveIntegerField(
        _("plays from second"),
        null=True,
        blank=True,
        help_text=_("With the field beside it: only this part of the film can be played."),
    )
    plays_until_seconds = models.PositiveIntegerField(_("until second"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length in seconds"), blank=True, default=0)
    poster = models.ImageField(_("poster"), upload_to="posters/", blank=True)
    audio_languages = models.JSONField(_("spoken languages"), default=list, blank=True)
    released_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    age_rating = models.CharField(_("age rating"), max_length=10, blank=True)
    # Shown to everybody before the purchase: a film of its own, or else the beginning of this one.
    trailer_key = models.CharField(
        _("trailer's media content key"),
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text=_("A film of its own in the same channel. Everybody may watch all of it."),
    )
    preview_seconds = models.PositiveIntegerField(
        _("free seconds"),
        blank=True,
        default=0,
        db_default=0,
        help_text=_(
            "How much of the film's beginning everybody may watch where it has no trailer; 0 for nothing. "
            "In an iPhone's own full screen the player may not keep to it: only a trailer is safe there."
        ),
    )
    may_be_kept = models.BooleanField(
        _("may be kept on devices"),
        default=True,
        db_default=True,
        help_text=_(
            "Where the shop lets films be kept at all (OFFLINE_DAYS), and with Kollus DRM. Taken away, copies"
            " that lie on devices play no more, the next time they ask."
        ),
    )
    is_published = models.BooleanField(_("in the shop"), default=False)
    # Set where it was in the shop until it broke at Kollus: it is put back once it is well again.
    off_sale_because = models.CharField(
        _("taken off sale"), max_length=12, choices=Broken.choices, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    wanted_output: str  # where the query was asked for it

    objects = VideoQuerySet.as_manager()

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = video_promises.CONSTRAINTS
        # Serves the catalogue's list of the newest films.
        indexes = [
            models.Index(
                F("created_at").desc(), F("id").desc(), condition=Q(is_published=True), name="video_newest"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("videos:video", args=[self.slug])

    def is_in_shop(self, *, at: datetime) -> bool:
        """The same rule as `VideoQuerySet.in_shop`, for a row at hand."""
        return self.is_published and self.may_be_sold(at=at)

    @property
    def channel_key(self) -> str:
        """The channel at Kollus that it lies in, or shall; empty where it names none, nor the settings."""
        return self.channel.key if self.channel else settings.KOLLUS_CHANNEL_KEY

    def clean(self) -> None:
        if self.trailer_key and Video.objects.filter(media_content_key=self.trailer_key).exists():
            refused = _("The trailer's key is a film's: everybody could watch all of it.")
            raise ValidationError({"trailer_key": refused})
        if self.preview_seconds and self.duration_seconds and not self.preview_section:
            raise ValidationError({"preview_seconds": _("That is the whole film.")})

    @property
    def preview_section(self) -> tuple[int, int] | None:
        """From which to which second the film is free to watch, None where it is not.

        A film that has become shorter is not given away.
        """
        start = self.plays_from_seconds or 0
        whole = min(self.plays_until_seconds or self.duration_seconds, self.duration_seconds)
        end = start + self.preview_seconds
        return (start, end) if start < end < whole else None

    @property
    def can_be_kept(self) -> bool:
        """Whether viewers may keep copies of it, which only Kollus' own player does."""
        may_be_kept = bool(settings.OFFLINE_DAYS) and self.may_be_kept
        return may_be_kept and self.protection == self.Protection.KOLLUS

    @property
    def has_preview(self) -> bool:
        return bool(self.trailer_key or self.preview_section)


class VideoText(models.Model):
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=languages.choices)
    title = models.CharField(_("title"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(fields=["video", "language"], name="one_text_per_video_language")
        ]

    def __str__(self) -> str:
        return self.title


class Collection(Translated, models.Model):
    """An ordered set of videos; who owns it owns what is added later."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        SERIES = "series", _("Series")
        BUNDLE = "bundle", _("Bundle")

    slug = models.SlugField(_("address"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("in the shop"), default=False)
    videos: "models.ManyToManyField[Video, CollectionItem]" = models.ManyToManyField(
        Video, through="CollectionItem", related_name="collections"
    )

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("videos:collection", args=[self.slug])

    def is_in_shop(self, *, at: datetime) -> bool:
        return self.is_published

    def first_film(self, *, at: datetime) -> Video | None:
        """The film to begin with: the first that is in the shop."""
        films = Video.objects.in_shop(at=at).filter(items__collection=self)
        return films.order_by("items__position").first()


class CollectionText(models.Model):
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=languages.choices)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "language"], name="one_text_per_collection_language"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(fields=["collection", "video"], name="video_once_per_collection"),
            models.UniqueConstraint(fields=["collection", "position"], name="position_once_per_collection"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
