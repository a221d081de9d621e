import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import accounts.models
from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_mail_add_index_to"),
        ("accounts", "0003_mail_add_first_sent_at"),
        ("accounts", "0004_sign_in_code"),
        ("accounts", "0005_pass_add_user"),
        ("accounts", "0006_shared_cache"),
        ("accounts", "0007_signed_in"),
        ("accounts", "0008_mail_may_be_twice"),
        ("accounts", "0009_undeliverable"),
        ("accounts", "0010_new_addresses"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="User",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                    ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                    ("is_staff", models.BooleanField(default=False, verbose_name="may enter the admin")),
                    ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    (
                        "created_at",
                        models.DateTimeField(
                            db_default=django.db.models.functions.datetime.Now(),
                            editable=False,
                            verbose_name="created",
                        ),
                    ),
                    (
                        "groups",
                        models.ManyToManyField(
                            blank=True,
                            help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.group",
                            verbose_name="groups",
                        ),
                    ),
                    (
                        "user_permissions",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Specific permissions for this user.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.permission",
                            verbose_name="user permissions",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "user",
                    "verbose_name_plural": "users",
                },
            ),
            migrations.CreateModel(
                name="Mail",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cause", models.CharField(max_length=120, unique=True, verbose_name="cause")),
                    ("template", models.CharField(max_length=40, verbose_name="template")),
                    ("to", models.EmailField(max_length=254, verbose_name="to")),
                    ("language", models.CharField(max_length=10, verbose_name="language")),
                    ("context", models.JSONField(default=dict)),
                    (
                        "created_at",
                        models.DateTimeField(
                            db_default=django.db.models.functions.datetime.Now(),
                            editable=False,
                            verbose_name="created",
                        ),
                    ),
                    ("claimed_until", models.DateTimeField(editable=False, null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                    ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                    (
                        "first_sent_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="first sent"),
                    ),
                    ("error", models.CharField(blank=True, max_length=200, verbose_name="last error")),
                    (
                        "may_be_twice",
                        models.BooleanField(
                            db_default=False, editable=False, verbose_name="may have arrived twice"
                        ),
                    ),
                    ("given_up_at", models.DateTimeField(editable=False, null=True, verbose_name="given up")),
                ],
                options={
                    "verbose_name": "mail",
                    "verbose_name_plural": "mails",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("sent_at", None)), fields=["created_at"], name="mail_waiting"
                        ),
                        models.Index(fields=["to", "-id"], name="mail_to"),
                        models.Index(
                            condition=models.Q(("may_be_twice", True)), fields=["-id"], name="mail_twice"
                        ),
                        models.Index(
                            condition=models.Q(("given_up_at__isnull", False)),
                            fields=["-id"],
                            name="mail_given_up",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Undeliverable",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("address", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                    (
                        "told",
                        models.CharField(
                            choices=[
                                ("refused", "Refused by its server"),
                                ("tried", "Tried in vain"),
                                ("reported", "Came back"),
                            ],
                            max_length=10,
                            verbose_name="how we know",
                        ),
                    ),
                    ("code", models.CharField(blank=True, max_length=20, verbose_name="server's code")),
                    ("since", models.DateTimeField(verbose_name="since")),
                ],
                options={
                    "verbose_name": "undeliverable address",
                    "verbose_name_plural": "undeliverable addresses",
                },
            ),
            migrations.CreateModel(
                name="Pass",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("visitor", models.CharField(max_length=32)),
                    ("reference", models.CharField(max_length=32)),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="passes",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "created_at",
                        models.DateTimeField(
                            db_default=django.db.models.functions.datetime.Now(), editable=False
                        ),
                    ),
                ],
                options={
                    "verbose_name": "pass",
                    "verbose_name_plural": "passes",
                    "constraints": [
                        models.UniqueConstraint(fields=("visitor", "reference"), name="one_pass_per_purchase")
                    ],
                },
            ),
            migrations.CreateModel(
                name="SignInCode",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "nonce",
                        models.CharField(
                            default=accounts.models.new_nonce, editable=False, max_length=32, unique=True
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    (
                        "for_user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("mailbox", models.EmailField(editable=False, max_length=254)),
                    ("window", models.DateTimeField(verbose_name="hour")),
                    (
                        "turn",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="mail of this hour"
                        ),
                    ),
                    ("then", models.CharField(blank=True, max_length=300, verbose_name="leads to")),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                    ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                ],
                options={
                    "verbose_name": "sign-in code",
                    "verbose_name_plural": "sign-in codes",
                    "indexes": [models.Index(fields=["asked_at"], name="sign_in_code_asked")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("mailbox", "window", "turn"), name="one_sign_in_mail_per_turn"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("turn", None), models.Q(("turn__gte", 1), ("turn__lte", 5)), _connector="OR"
                            ),
                            name="sign_in_mails_are_few",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("tries__lte", 5)), name="sign_in_tries_are_few"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SignedIn",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="signed_in",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "reference",
                        models.CharField(
                            default=accounts.models.new_nonce, editable=False, max_length=32, unique=True
                        ),
                    ),
                    ("session_key", models.CharField(editable=False, max_length=40, unique=True)),
                    (
                        "device",
                        models.CharField(blank=True, max_length=60, verbose_name="browser and device"),
                    ),
                    ("signed_in_at", models.DateTimeField(verbose_name="signed in")),
                ],
                options={
                    "verbose_name": "signed-in browser",
                    "verbose_name_plural": "signed-in browsers",
                },
            ),
            migrations.CreateModel(
                name="FormerAddress",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="former_addresses",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("address", models.EmailField(max_length=254, verbose_name="address")),
                    ("until", models.DateTimeField(verbose_name="until")),
                ],
                options={
                    "verbose_name": "former address",
                    "verbose_name_plural": "former addresses",
                },
            ),
            migrations.CreateModel(
                name="SharedCache",
                fields=[
                    ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                    ("value", models.TextField()),
                    ("expires", models.DateTimeField(db_index=True)),
                ],
            ),
        ),
    ]
