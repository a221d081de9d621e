import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import videos.models.viewer_codes
import videos.models.watching
from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("videos", "0003_entitlement_add_index_revoked"),
        ("videos", "0008_entitlement_end_told"),
        ("videos", "0009_progress_seen"),
        ("videos", "0011_watch_map"),
        ("videos", "0012_stream_lease"),
        ("videos", "0014_certificate"),
        ("videos", "0017_offline_copy"),
        ("videos", "0018_play_log"),
        ("videos", "0019_copy_plays_left"),
        ("videos", "0023_session_is_to_keep"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("videos", "0001_catalogue"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="ViewerCode",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "code",
                        models.CharField(
                            default=videos.models.viewer_codes.new_code,
                            max_length=16,
                            unique=True,
                            verbose_name="code",
                        ),
                    ),
                    (
                        "user",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("visitor", models.CharField(blank=True, max_length=32, null=True, unique=True)),
                ],
                options={
                    "verbose_name": "viewer code",
                    "verbose_name_plural": "viewer codes",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("user__isnull", False), ("visitor__isnull", True)),
                                models.Q(("user__isnull", True), ("visitor__isnull", False)),
                                _connector="OR",
                            ),
                            name="code_names_one_viewer",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Entitlement",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entitlements",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "reason",
                        models.CharField(
                            choices=[
                                ("purchase", "Purchase"),
                                ("gift", "Gift from the shop"),
                                ("membership", "Membership"),
                            ],
                            max_length=12,
                            verbose_name="reason",
                        ),
                    ),
                    ("reference", models.CharField(max_length=32, verbose_name="reference")),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                    (
                        "video",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entitlements",
                            to="videos.video",
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="entitlements",
                            to="videos.collection",
                        ),
                    ),
                    ("everything", models.BooleanField(default=False, verbose_name="everything")),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                    ("start_by", models.DateTimeField(blank=True, null=True, verbose_name="start by")),
                    (
                        "hours_once_started",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="hours once started"
                        ),
                    ),
                    ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                    (
                        "revoked_because",
                        models.CharField(blank=True, max_length=200, verbose_name="revoked because"),
                    ),
                    (
                        "end_told_at",
                        models.DateTimeField(
                            blank=True, editable=False, null=True, verbose_name="told of its end"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "entitlement",
                    "verbose_name_plural": "entitlements",
                    "indexes": [
                        models.Index(fields=["reference"], name="entitlement_reference"),
                        models.Index(
                            condition=models.Q(("revoked_at__isnull", False)),
                            fields=["-id"],
                            name="entitlement_revoked",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("end_told_at", None),
                                ("hours_once_started__isnull", False),
                                ("revoked_at", None),
                            ),
                            fields=["ends_at"],
                            name="rental_running_out",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("collection__isnull", True),
                                    ("everything", False),
                                    ("video__isnull", False),
                                ),
                                models.Q(
                                    ("collection__isnull", False),
                                    ("everything", False),
                                    ("video__isnull", True),
                                ),
                                models.Q(
                                    ("collection__isnull", True),
                                    ("everything", True),
                                    ("video__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="entitlement_has_one_target",
                            violation_error_message="Choose one: a video, a collection, or everything.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                            ),
                            name="entitlement_ends_after_start",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("video__isnull", False)),
                            fields=("reason", "reference", "video"),
                            name="one_entitlement_per_reason_video",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("collection__isnull", False)),
                            fields=("reason", "reference", "collection"),
                            name="one_entitlement_per_reason_collection",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("everything", True)),
                            fields=("reason", "reference"),
                            name="one_entitlement_per_reason_everything",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlaybackSession",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "reference",
                        models.CharField(
                            default=videos.models.watching._new_reference,
                            max_length=32,
                            unique=True,
                            verbose_name="reference",
                        ),
                    ),
                    (
                        "viewer_code",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sessions",
                            to="videos.viewercode",
                        ),
                    ),
                    (
                        "entitlement",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sessions",
                            to="videos.entitlement",
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="sessions",
                            to="videos.video",
                        ),
                    ),
                    ("opened_at", models.DateTimeField(verbose_name="opened")),
                    ("link_until", models.DateTimeField(verbose_name="link valid until")),
                    ("player_id", models.CharField(blank=True, max_length=120, verbose_name="player")),
                    ("browser", models.CharField(blank=True, db_default="", default="", max_length=32)),
                    (
                        "device",
                        models.CharField(
                            blank=True, db_default="", default="", max_length=60, verbose_name="device"
                        ),
                    ),
                    (
                        "is_to_keep",
                        models.BooleanField(
                            db_default=False, default=False, editable=False, verbose_name="to be kept"
                        ),
                    ),
                    ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                    ("happened", models.TextField(blank=True, db_default="", default="", editable=False)),
                ],
                options={
                    "verbose_name": "playback session",
                    "verbose_name_plural": "playback sessions",
                },
            ),
            migrations.CreateModel(
                name="StreamLease",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "viewer_code",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="leases",
                            to="videos.viewercode",
                        ),
                    ),
                    ("slot", models.PositiveSmallIntegerField()),
                    (
                        "session",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="leases",
                            to="videos.playbacksession",
                        ),
                    ),
                    ("browser", models.CharField(blank=True, max_length=32)),
                    ("taken_at", models.DateTimeField(verbose_name="taken")),
                    ("beaten_at", models.DateTimeField(verbose_name="last sign of life")),
                ],
                options={
                    "verbose_name": "lease",
                    "verbose_name_plural": "leases",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("viewer_code", "slot"), name="one_lease_per_viewer_slot"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("slot__gte", 1)), name="slots_count_from_one"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="OfflineCopy",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "session",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="copy",
                            to="videos.playbacksession",
                        ),
                    ),
                    ("device", models.CharField(blank=True, max_length=60, verbose_name="device")),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="downloaded")),
                    ("expires_at", models.DateTimeField(verbose_name="until")),
                    (
                        "plays_left",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="plays left"),
                    ),
                    ("played_at", models.DateTimeField(blank=True, null=True, verbose_name="last played")),
                    ("taken_back_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                ],
                options={
                    "verbose_name": "offline copy",
                    "verbose_name_plural": "offline copies",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                            name="copy_lasts_beyond_its_download",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("played_at", None), ("finished_at__isnull", False), _connector="OR"
                            ),
                            name="played_copy_is_downloaded",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="WatchProgress",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "viewer_code",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="progress",
                            to="videos.viewercode",
                        ),
                    ),
                    (
                        "video",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="progress",
                            to="videos.video",
                        ),
                    ),
                    (
                        "position_seconds",
                        models.PositiveIntegerField(default=0, verbose_name="position in seconds"),
                    ),
                    (
                        "watched_seconds",
                        models.PositiveIntegerField(default=0, verbose_name="watched seconds"),
                    ),
                    ("reported_at", models.DateTimeField(verbose_name="reported")),
                    (
                        "seen",
                        models.TextField(blank=True, db_default="", default="", verbose_name="seconds seen"),
                    ),
                    ("parts", models.TextField(blank=True, db_default="", default="")),
                    (
                        "played_seconds",
                        models.PositiveIntegerField(db_default=0, default=0, verbose_name="played seconds"),
                    ),
                    ("begun_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
                    ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed")),
                    ("mapped_seen", models.TextField(blank=True, db_default="", default="", editable=False)),
                    ("mapped_parts", models.TextField(blank=True, db_default="", default="", editable=False)),
                    ("is_mapped", models.BooleanField(db_default=False, default=False, editable=False)),
                    ("version", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ],
                options={
                    "verbose_name": "progress",
                    "verbose_name_plural": "progress",
                    "indexes": [
                        models.Index(fields=["video", "-id"], name="progress_of_video"),
                        models.Index(
                            condition=models.Q(("is_mapped", False)),
                            fields=["video", "id"],
                            name="progress_unmapped",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("viewer_code", "video"), name="one_progress_per_viewer_video"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="WatchMap",
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
                            related_name="watch_map",
                            to="videos.video",
                        ),
                    ),
                    ("saw", models.JSONField(default=list)),
                    ("played", models.JSONField(default=list)),
                    ("viewers", models.PositiveIntegerField(default=0)),
                    ("completed", models.PositiveIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name="Certificate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                    ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="certificates",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="certificates",
                            to="videos.collection",
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="name")),
                    (
                        "is_name_shared",
                        models.BooleanField(default=False, verbose_name="name shown to who checks it"),
                    ),
                    ("films", models.PositiveIntegerField(verbose_name="films")),
                    ("total_seconds", models.PositiveIntegerField(verbose_name="length in seconds")),
                    ("completed_at", models.DateTimeField(verbose_name="completed")),
                    ("issued_at", models.DateTimeField(verbose_name="made out")),
                    ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                ],
                options={
                    "verbose_name": "certificate",
                    "verbose_name_plural": "certificates",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("user", "collection"), name="one_certificate_per_course"
                        )
                    ],
                },
            ),
        ),
    ]
