import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import videos.models.languages
import videos.models.translated
from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("videos", "0001_initial"),
        ("videos", "0002_offer_say_why"),
        ("videos", "0004_offer_membership"),
        ("videos", "0005_offer_trial_days"),
        ("videos", "0006_kollus_turn"),
        ("videos", "0007_uploads"),
        ("videos", "0010_protection"),
        ("videos", "0013_video_off_sale"),
        ("videos", "0015_console_check"),
        ("videos", "0016_chapters_and_previews"),
        ("videos", "0020_languages_of_texts"),
        ("videos", "0021_take_downs"),
        ("videos", "0022_film_may_be_kept"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Channel",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "shows_code",
                        models.BooleanField(
                            blank=True,
                            help_text="Leads from a recording to the viewer: “manage.py trace CODE”. Catenoid must have switched on visible watermarks for your account. In full screen an iPhone and Samsung's browser show none.",
                            null=True,
                            verbose_name="viewer's code in the picture",
                        ),
                    ),
                    (
                        "locks_seeking",
                        models.BooleanField(
                            blank=True,
                            help_text="Until a film was watched to its end, the viewer can go no further than he has come.",
                            null=True,
                            verbose_name="no skipping ahead",
                        ),
                    ),
                    (
                        "locks_speed",
                        models.BooleanField(blank=True, null=True, verbose_name="normal speed only"),
                    ),
                    (
                        "blocks_displays",
                        models.BooleanField(
                            blank=True,
                            help_text="For Kollus' installed players. Left open, the channel's setting at Kollus holds.",
                            null=True,
                            verbose_name="no external displays",
                        ),
                    ),
                    (
                        "blocks_virtual_machines",
                        models.BooleanField(
                            blank=True,
                            help_text="For Kollus' installed player on Windows, which refuses them unless this says No.",
                            null=True,
                            verbose_name="not in virtual machines",
                        ),
                    ),
                    (
                        "longest_viewing_minutes",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            help_text="After so many minutes of playing the film stops, and has to be started again.",
                            null=True,
                            verbose_name="minutes per viewing",
                        ),
                    ),
                    (
                        "output_protection",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("none", "Any display"),
                                ("hdcp1", "HDCP 1.4 or newer"),
                                ("hdcp2", "HDCP 2.2 or newer"),
                            ],
                            db_default="",
                            default="",
                            help_text="For films under Multi DRM: the licence is refused where the display can't do it.",
                            max_length=5,
                            verbose_name="displays",
                        ),
                    ),
                    ("key", models.CharField(max_length=64, unique=True, verbose_name="channel key")),
                    ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                ],
                options={
                    "verbose_name": "channel",
                    "verbose_name_plural": "channels",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("longest_viewing_minutes", None),
                                ("longest_viewing_minutes__gt", 0),
                                _connector="OR",
                            ),
                            name="channel_lets_play",
                            violation_error_message="A viewing lasts a minute at least.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConsoleCheck",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "channel",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="console_checks",
                            to="videos.channel",
                        ),
                    ),
                    (
                        "item",
                        models.CharField(
                            choices=[
                                ("capture", "Screen capture and recording are blocked"),
                                ("country", "Only countries whose rights we have"),
                                ("referrer", "Only our own address may show the player"),
                                ("duplicates", "One viewer on several devices is blocked"),
                            ],
                            max_length=12,
                            verbose_name="what",
                        ),
                    ),
                    (
                        "checked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    ("checked_at", models.DateTimeField(verbose_name="when")),
                ],
                options={
                    "verbose_name": "check of Kollus' console",
                    "verbose_name_plural": "checks of Kollus' console",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("channel", "item"), name="one_console_check_per_channel_item"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Video",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "sold_until",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="sold until"
                        ),
                    ),
                    (
                        "watched_until",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="watched until"
                        ),
                    ),
                    (
                        "shows_code",
                        models.BooleanField(
                            blank=True,
                            help_text="Leads from a recording to the viewer: “manage.py trace CODE”. Catenoid must have switched on visible watermarks for your account. In full screen an iPhone and Samsung's browser show none.",
                            null=True,
                            verbose_name="viewer's code in the picture",
                        ),
                    ),
                    (
                        "locks_seeking",
                        models.BooleanField(
                            blank=True,
                            help_text="Until a film was watched to its end, the viewer can go no further than he has come.",
                            null=True,
                            verbose_name="no skipping ahead",
                        ),
                    ),
                    (
                        "locks_speed",
                        models.BooleanField(blank=True, null=True, verbose_name="normal speed only"),
                    ),
                    (
                        "blocks_displays",
                        models.BooleanField(
                            blank=True,
                            help_text="For Kollus' installed players. Left open, the channel's setting at Kollus holds.",
                            null=True,
                            verbose_name="no external displays",
                        ),
                    ),
                    (
                        "blocks_virtual_machines",
                        models.BooleanField(
                            blank=True,
                            help_text="For Kollus' installed player on Windows, which refuses them unless this says No.",
                            null=True,
                            verbose_name="not in virtual machines",
                        ),
                    ),
                    (
                        "longest_viewing_minutes",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            help_text="After so many minutes of playing the film stops, and has to be started again.",
                            null=True,
                            verbose_name="minutes per viewing",
                        ),
                    ),
                    (
                        "output_protection",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("none", "Any display"),
                                ("hdcp1", "HDCP 1.4 or newer"),
                                ("hdcp2", "HDCP 2.2 or newer"),
                            ],
                            db_default="",
                            default="",
                            help_text="For films under Multi DRM: the licence is refused where the display can't do it.",
                            max_length=5,
                            verbose_name="displays",
                        ),
                    ),
                    ("slug", models.SlugField(unique=True, verbose_name="address")),
                    (
                        "upload_file_key",
                        models.CharField(blank=True, max_length=64, verbose_name="upload file key"),
                    ),
                    (
                        "media_content_key",
                        models.CharField(
                            blank=True, default="", max_length=16, verbose_name="media content key"
                        ),
                    ),
                    (
                        "protection",
                        models.CharField(
                            choices=[
                                ("none", "None: plays anywhere"),
                                ("multi_drm", "Multi DRM: plays in browsers"),
                                ("kollus", "Kollus DRM: needs the Kollus player"),
                            ],
                            default="multi_drm",
                            help_text="Multi DRM plays in browsers, on a computer or a phone, and its file is sent unencrypted. Kollus DRM plays in Kollus' own player only, which every viewer must install; its file is sent encrypted. None protects nothing but the link.",
                            max_length=12,
                            verbose_name="protection",
                        ),
                    ),
                    (
                        "channel",
                        models.ForeignKey(
                            blank=True,
                            help_text="Where it lies at Kollus; left open, in the channel that the settings name.",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="videos",
                            to="videos.channel",
                            verbose_name="channel",
                        ),
                    ),
                    (
                        "plays_from_seconds",
                        models.PositiveIntegerField(
                            blank=True,
                            help_text="With the field beside it: only this part of the film can be played.",
                            null=True,
                            verbose_name="plays from second",
                        ),
                    ),
                    (
                        "plays_until_seconds",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="until second"),
                    ),
                    (
                        "duration_seconds",
                        models.PositiveIntegerField(blank=True, default=0, verbose_name="length in seconds"),
                    ),
                    ("poster", models.ImageField(blank=True, upload_to="posters/", verbose_name="poster")),
                    (
                        "audio_languages",
                        models.JSONField(blank=True, default=list, verbose_name="spoken languages"),
                    ),
                    (
                        "released_year",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year"),
                    ),
                    ("age_rating", models.CharField(blank=True, max_length=10, verbose_name="age rating")),
                    (
                        "trailer_key",
                        models.CharField(
                            blank=True,
                            db_default="",
                            default="",
                            help_text="A film of its own in the same channel. Everybody may watch all of it.",
                            max_length=16,
                            verbose_name="trailer's media content key",
                        ),
                    ),
                    (
                        "preview_seconds",
                        models.PositiveIntegerField(
                            blank=True,
                            db_default=0,
                            default=0,
                            help_text="How much of the film's beginning everybody may watch where it has no trailer; 0 for nothing. In an iPhone's own full screen the player may not keep to it: only a trailer is safe there.",
                            verbose_name="free seconds",
                        ),
                    ),
                    (
                        "may_be_kept",
                        models.BooleanField(
                            db_default=True,
                            default=True,
                            help_text="Where the shop lets films be kept at all (OFFLINE_DAYS), and with Kollus DRM. Taken away, copies that lie on devices play no more, the next time they ask.",
                            verbose_name="may be kept on devices",
                        ),
                    ),
                    ("is_published", models.BooleanField(default=False, verbose_name="in the shop")),
                    (
                        "off_sale_because",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("gone", "Kollus has no such file in its library."),
                                ("unprepared", "Kollus has not prepared the film."),
                                ("no_channel", "The film is not in the shop's channel at Kollus."),
                                ("protection", "The file at Kollus is not protected as the video says."),
                            ],
                            db_default="",
                            default="",
                            max_length=12,
                            verbose_name="taken off sale",
                        ),
                    ),
                    (
                        "created_at",
                        models.DateTimeField(
                            db_default=django.db.models.functions.datetime.Now(),
                            editable=False,
                            verbose_name="created",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "video",
                    "verbose_name_plural": "videos",
                    "indexes": [
                        models.Index(
                            models.OrderBy(models.F("created_at"), descending=True),
                            models.OrderBy(models.F("id"), descending=True),
                            condition=models.Q(("is_published", True)),
                            name="video_newest",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("media_content_key", ""), _negated=True),
                            fields=("media_content_key",),
                            name="one_video_per_media_content_key",
                            violation_error_message="Another video has this media content key.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_published", False),
                                models.Q(
                                    models.Q(("media_content_key", ""), _negated=True),
                                    ("duration_seconds__gt", 0),
                                ),
                                _connector="OR",
                            ),
                            name="published_video_can_play",
                            violation_error_message="A video in the shop has a film: its key and its length.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_published", False), ("off_sale_because", ""), _connector="OR"
                            ),
                            name="video_off_sale_is_not_in_shop",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("watched_until", None),
                                models.Q(
                                    ("sold_until__isnull", False), ("watched_until", models.F("sold_until"))
                                ),
                                _connector="OR",
                            ),
                            name="film_is_watched_no_longer_than_sold",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("longest_viewing_minutes", None),
                                ("longest_viewing_minutes__gt", 0),
                                _connector="OR",
                            ),
                            name="video_lets_play",
                            violation_error_message="A viewing lasts a minute at least.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("plays_from_seconds", None), ("plays_until_seconds", None)),
                                models.Q(
                                    ("plays_from_seconds__isnull", False),
                                    ("plays_until_seconds__gt", models.F("plays_from_seconds")),
                                    ("plays_until_seconds__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="played_part_has_an_end",
                            violation_error_message="The part that can be played ends after it begins.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("trailer_key", ""),
                                models.Q(("trailer_key", models.F("media_content_key")), _negated=True),
                                _connector="OR",
                            ),
                            name="trailer_is_not_the_film",
                            violation_error_message="The trailer's key is a film's: everybody could watch all of it.",
                        ),
                    ],
                },
                bases=(videos.models.translated.Translated, models.Model),
            ),
            migrations.CreateModel(
                name="VideoText",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="texts",
                            to="videos.video",
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            choices=videos.models.languages.choices, max_length=10, verbose_name="language"
                        ),
                    ),
                    ("title", models.CharField(max_length=120, verbose_name="title")),
                    ("tagline", models.CharField(blank=True, max_length=160, verbose_name="tagline")),
                    ("description", models.TextField(blank=True, verbose_name="description")),
                ],
                options={
                    "verbose_name": "text",
                    "verbose_name_plural": "texts",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("video", "language"), name="one_text_per_video_language"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Chapter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="chapters",
                            to="videos.video",
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            choices=videos.models.languages.choices, max_length=10, verbose_name="language"
                        ),
                    ),
                    ("start_seconds", models.PositiveIntegerField(verbose_name="begins at")),
                    ("title", models.CharField(max_length=120, verbose_name="title")),
                ],
                options={
                    "verbose_name": "chapter",
                    "verbose_name_plural": "chapters",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("video", "language", "start_seconds"),
                            name="one_chapter_per_language_start",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Collection",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("slug", models.SlugField(unique=True, verbose_name="address")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("course", "Course"), ("series", "Series"), ("bundle", "Bundle")],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                    ("is_published", models.BooleanField(default=False, verbose_name="in the shop")),
                    (
                        "videos",
                        models.ManyToManyField(
                            related_name="collections", through="videos.CollectionItem", to="videos.video"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "collection",
                    "verbose_name_plural": "collections",
                },
                bases=(videos.models.translated.Translated, models.Model),
            ),
            migrations.CreateModel(
                name="CollectionText",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="texts",
                            to="videos.collection",
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            choices=videos.models.languages.choices, max_length=10, verbose_name="language"
                        ),
                    ),
                    ("title", models.CharField(max_length=120, verbose_name="title")),
                    ("description", models.TextField(blank=True, verbose_name="description")),
                ],
                options={
                    "verbose_name": "text",
                    "verbose_name_plural": "texts",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("collection", "language"), name="one_text_per_collection_language"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CollectionItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="items",
                            to="videos.collection",
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="items",
                            to="videos.video",
                        ),
                    ),
                    ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ],
                options={
                    "verbose_name": "part",
                    "verbose_name_plural": "parts",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("collection", "video"), name="video_once_per_collection"
                        ),
                        models.UniqueConstraint(
                            fields=("collection", "position"), name="position_once_per_collection"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Offer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("own", "Own"), ("rent", "Rent"), ("membership", "Membership")],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "interval",
                        models.CharField(
                            blank=True,
                            choices=[("month", "Monthly"), ("year", "Yearly")],
                            db_default="",
                            default="",
                            max_length=5,
                            verbose_name="renews",
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="offers",
                            to="videos.video",
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="offers",
                            to="videos.collection",
                        ),
                    ),
                    (
                        "days_to_start",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days to start"),
                    ),
                    (
                        "hours_once_started",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="hours once started"
                        ),
                    ),
                    (
                        "trial_days",
                        models.PositiveSmallIntegerField(
                            blank=True,
                            db_default=0,
                            default=0,
                            help_text="A membership's first days, once per member and card; 0 for none.",
                            verbose_name="free days",
                        ),
                    ),
                    ("is_active", models.BooleanField(default=True, verbose_name="on sale")),
                ],
                options={
                    "verbose_name": "offer",
                    "verbose_name_plural": "offers",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("collection__isnull", False), ("video__isnull", True)),
                                models.Q(("collection__isnull", True), ("video__isnull", False)),
                                _connector="OR",
                            ),
                            name="offer_has_one_target",
                            violation_error_message="An offer is for one video or for one collection.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("days_to_start__gt", 0), ("hours_once_started__gt", 0), ("kind", "rent")
                                ),
                                models.Q(
                                    ("days_to_start", None),
                                    ("hours_once_started", None),
                                    ("kind__in", ["own", "membership"]),
                                ),
                                _connector="OR",
                            ),
                            name="only_rent_has_times",
                            violation_error_message="A rental needs days to start and hours once started; nothing else has them.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("collection__isnull", False),
                                    ("interval__in", ["month", "year"]),
                                    ("kind", "membership"),
                                ),
                                models.Q(models.Q(("kind", "membership"), _negated=True), ("interval", "")),
                                _connector="OR",
                            ),
                            name="only_membership_renews",
                            violation_error_message="A membership is for a collection and renews monthly or yearly; nothing else renews.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("trial_days", 0),
                                models.Q(("kind", "membership"), ("trial_days__lte", 730)),
                                _connector="OR",
                            ),
                            name="only_membership_has_trial",
                            violation_error_message="Only a membership has free days, and at most 730 of them.",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("is_active", True)),
                            fields=("kind", "video"),
                            name="one_active_offer_per_video_kind",
                            violation_error_message="This video has such an offer on sale already.",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("is_active", True)),
                            fields=("kind", "collection", "interval"),
                            name="one_active_offer_per_collection_kind",
                            violation_error_message="This collection has such an offer on sale already.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Price",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "offer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="prices",
                            to="videos.offer",
                        ),
                    ),
                    (
                        "currency",
                        models.CharField(
                            choices=[
                                ("usd", "USD"),
                                ("krw", "KRW"),
                                ("jpy", "JPY"),
                                ("eur", "EUR"),
                                ("gbp", "GBP"),
                                ("aud", "AUD"),
                                ("cad", "CAD"),
                                ("sgd", "SGD"),
                                ("hkd", "HKD"),
                                ("twd", "TWD"),
                                ("chf", "CHF"),
                                ("nzd", "NZD"),
                                ("inr", "INR"),
                                ("brl", "BRL"),
                                ("mxn", "MXN"),
                                ("sek", "SEK"),
                                ("nok", "NOK"),
                                ("dkk", "DKK"),
                                ("pln", "PLN"),
                                ("czk", "CZK"),
                                ("huf", "HUF"),
                                ("thb", "THB"),
                                ("isk", "ISK"),
                                ("ugx", "UGX"),
                                ("vnd", "VND"),
                                ("bhd", "BHD"),
                                ("jod", "JOD"),
                                ("kwd", "KWD"),
                                ("omr", "OMR"),
                                ("tnd", "TND"),
                            ],
                            max_length=3,
                            verbose_name="currency",
                        ),
                    ),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    (
                        "created_at",
                        models.DateTimeField(
                            db_default=django.db.models.functions.datetime.Now(),
                            editable=False,
                            verbose_name="from",
                        ),
                    ),
                    (
                        "retired_at",
                        models.DateTimeField(blank=True, editable=False, null=True, verbose_name="until"),
                    ),
                ],
                options={
                    "verbose_name": "price",
                    "verbose_name_plural": "prices",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)), name="price_is_above_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "currency__in",
                                    (
                                        "usd",
                                        "krw",
                                        "jpy",
                                        "eur",
                                        "gbp",
                                        "aud",
                                        "cad",
                                        "sgd",
                                        "hkd",
                                        "twd",
                                        "chf",
                                        "nzd",
                                        "inr",
                                        "brl",
                                        "mxn",
                                        "sek",
                                        "nok",
                                        "dkk",
                                        "pln",
                                        "czk",
                                        "huf",
                                        "thb",
                                        "isk",
                                        "ugx",
                                        "vnd",
                                        "bhd",
                                        "jod",
                                        "kwd",
                                        "omr",
                                        "tnd",
                                    ),
                                )
                            ),
                            name="price_currency_is_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("retired_at", None)),
                            fields=("offer", "currency"),
                            name="one_price_per_offer_currency",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TakeDown",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="take_downs",
                            to="videos.video",
                            verbose_name="film",
                        ),
                    ),
                    ("leaves_at", models.DateTimeField(verbose_name="leaves at")),
                    (
                        "cause",
                        models.CharField(
                            choices=[
                                ("licence", "Our licence for it ends"),
                                ("demand", "Its rights holder demands it"),
                                ("law", "The law demands it"),
                            ],
                            max_length=8,
                            verbose_name="cause",
                        ),
                    ),
                    (
                        "owners",
                        models.CharField(
                            choices=[
                                ("keep", "Keep it: who has it watches on"),
                                ("lose", "Lose it: nobody watches it any more"),
                            ],
                            max_length=4,
                            verbose_name="owners",
                        ),
                    ),
                    ("reason", models.CharField(max_length=500, verbose_name="why")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="asked by",
                        ),
                    ),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("called_off_at", models.DateTimeField(blank=True, null=True, verbose_name="called off")),
                    (
                        "told_at",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="owners told"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "take-down",
                    "verbose_name_plural": "take-downs",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("called_off_at", None)),
                            fields=("video",),
                            name="one_take_down_per_film",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("leaves_at__gte", models.F("asked_at"))),
                            name="film_leaves_once_asked",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("called_off_at", None),
                                ("called_off_at__lt", models.F("leaves_at")),
                                _connector="OR",
                            ),
                            name="take_down_is_called_off_in_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True), name="take_down_has_a_reason"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Upload",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="uploads",
                            to="videos.video",
                        ),
                    ),
                    (
                        "upload_file_key",
                        models.CharField(max_length=64, unique=True, verbose_name="upload file key"),
                    ),
                    ("file_name", models.CharField(max_length=255, verbose_name="file")),
                    ("file_size", models.BigIntegerField(verbose_name="size in bytes")),
                    ("file_mark", models.CharField(max_length=64)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Being sent"),
                                ("given_up", "Not finished"),
                                ("uploaded", "Arrived, being prepared"),
                                ("failed", "Could not be prepared"),
                                ("transcoded", "Prepared"),
                                ("ready", "Ready to play"),
                            ],
                            default="waiting",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "asked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    ("asked_at", models.DateTimeField(verbose_name="begun")),
                    ("address_until", models.DateTimeField(verbose_name="address good until")),
                    ("uploaded_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived")),
                    (
                        "decided_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="prepared or failed"),
                    ),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="ask Kollus after"),
                    ),
                    ("trouble", models.CharField(blank=True, max_length=80, verbose_name="trouble")),
                ],
                options={
                    "verbose_name": "upload",
                    "verbose_name_plural": "uploads",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("look_after__isnull", False)),
                            fields=["look_after"],
                            name="upload_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "waiting")),
                            fields=("video",),
                            name="one_waiting_upload_per_video",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("file_size__gt", 0)), name="upload_size_is_above_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["waiting", "given_up"]),
                                ("uploaded_at__isnull", False),
                                _connector="OR",
                            ),
                            name="arrived_upload_has_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["waiting", "given_up", "uploaded"]),
                                ("decided_at__isnull", False),
                                _connector="OR",
                            ),
                            name="decided_upload_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="KollusFilm",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "video",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="at_kollus",
                            to="videos.video",
                        ),
                    ),
                    ("is_there", models.BooleanField(verbose_name="in the library")),
                    ("is_transcoded", models.BooleanField(default=False, verbose_name="prepared")),
                    ("is_encrypted", models.BooleanField(default=False, verbose_name="Kollus DRM")),
                    ("is_in_channel", models.BooleanField(default=False, verbose_name="in the channel")),
                    ("captions", models.JSONField(blank=True, default=list, verbose_name="captions")),
                    ("looked_at", models.DateTimeField(verbose_name="asked")),
                ],
                options={
                    "verbose_name": "film at Kollus",
                    "verbose_name_plural": "films at Kollus",
                },
            ),
            migrations.CreateModel(
                name="KollusEvent",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("upload", "upload"),
                                ("transcoding", "transcoding"),
                                ("update", "update"),
                                ("channel", "channel"),
                            ],
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("upload_file_key", models.CharField(max_length=64, verbose_name="upload file key")),
                    ("told", models.CharField(blank=True, max_length=20, verbose_name="told")),
                    ("received_at", models.DateTimeField(verbose_name="received")),
                    ("processed_at", models.DateTimeField(blank=True, null=True, verbose_name="processed")),
                    ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                    (
                        "try_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="try again after"),
                    ),
                    ("outcome", models.CharField(blank=True, max_length=80, verbose_name="outcome")),
                ],
                options={
                    "verbose_name": "Kollus event",
                    "verbose_name_plural": "Kollus events",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("processed_at", None)),
                            fields=["received_at"],
                            name="kollus_event_due",
                        ),
                        models.Index(fields=["upload_file_key"], name="kollus_event_key"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("processed_at", None)),
                            fields=("kind", "upload_file_key", "told"),
                            name="one_waiting_kollus_event",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="KollusTurn",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("free_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_turn_for_kollus")
                    ],
                },
            ),
        ),
    ]
