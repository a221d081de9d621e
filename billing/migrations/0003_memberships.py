import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0019_membership"),
        ("billing", "0023_trial"),
        ("billing", "0026_membership_price_and_notices"),
        ("billing", "0027_unpaid_renewals"),
        ("billing", "0030_plan_change"),
        ("billing", "0031_card_change"),
        ("billing", "0032_unpaid_renewal_index_intent"),
        ("billing", "0033_price_move_by_its_member"),
        ("billing", "0039_names_of_links"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0002_refunds_and_disputes"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="StripePrice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "price",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="videos.price"
                        ),
                    ),
                    (
                        "stripe_id",
                        models.CharField(max_length=64, unique=True, verbose_name="price at Stripe"),
                    ),
                ],
                options={
                    "verbose_name": "price at Stripe",
                    "verbose_name_plural": "prices at Stripe",
                },
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="membership",
                            to="billing.order",
                            verbose_name="order",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("starting", "Waits for its first payment"),
                                ("active", "Active"),
                                ("past_due", "A renewal is not paid"),
                                ("ended", "Ended"),
                            ],
                            default="starting",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "price",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="videos.price",
                            verbose_name="price",
                        ),
                    ),
                    (
                        "customer_id",
                        models.CharField(
                            blank=True, max_length=64, null=True, unique=True, verbose_name="Customer"
                        ),
                    ),
                    (
                        "subscription_id",
                        models.CharField(
                            blank=True, max_length=64, null=True, unique=True, verbose_name="Subscription"
                        ),
                    ),
                    (
                        "cancels_at_period_end",
                        models.BooleanField(default=False, verbose_name="ends with its period"),
                    ),
                    ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                    (
                        "end_wanted_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="to be ended since"),
                    ),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                ],
                options={
                    "verbose_name": "membership",
                    "verbose_name_plural": "memberships",
                    "permissions": [("move_membership", "Can move memberships to a new price")],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["active", "past_due"])),
                            fields=["look_after"],
                            name="membership_look_after",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", False), ("state", "ended")),
                                models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at", None)),
                                _connector="OR",
                            ),
                            name="ended_membership_has_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["starting", "ended"]),
                                ("subscription_id__isnull", False),
                                _connector="OR",
                            ),
                            name="living_membership_has_subscription",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MembershipPeriod",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="periods",
                            to="billing.membership",
                        ),
                    ),
                    (
                        "order",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="period",
                            to="billing.order",
                        ),
                    ),
                    ("invoice_id", models.CharField(max_length=64, unique=True, verbose_name="Invoice")),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    ("noticed_at", models.DateTimeField(blank=True, null=True, verbose_name="notice given")),
                ],
                options={
                    "verbose_name": "period of a membership",
                    "verbose_name_plural": "periods of memberships",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("noticed_at", None)),
                            fields=["ends_at"],
                            name="period_to_notice",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="period_ends_after_start",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Trial",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="trial",
                            to="billing.order",
                            verbose_name="order",
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="videos.collection",
                            verbose_name="collection",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="user",
                        ),
                    ),
                    (
                        "card_fingerprint",
                        models.CharField(blank=True, max_length=64, verbose_name="card's fingerprint"),
                    ),
                ],
                options={
                    "verbose_name": "trial",
                    "verbose_name_plural": "trials",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("card_fingerprint", ""), _negated=True),
                            fields=("collection", "card_fingerprint"),
                            name="one_trial_per_collection_card",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("user__isnull", False)),
                            fields=("collection", "user"),
                            name="one_trial_per_collection_user",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="UnpaidRenewal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="unpaid_renewals",
                            to="billing.membership",
                            verbose_name="membership",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "To be paid"),
                                ("paid", "Paid"),
                                ("closed", "Not to be paid any more"),
                            ],
                            default="open",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("invoice_id", models.CharField(max_length=64, unique=True, verbose_name="Invoice")),
                    ("intent_id", models.CharField(max_length=64, verbose_name="PaymentIntent")),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    (
                        "decline_code",
                        models.CharField(blank=True, max_length=60, verbose_name="refused because"),
                    ),
                    ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                    ("link_until", models.DateTimeField(verbose_name="link is good until")),
                    ("noted_at", models.DateTimeField(verbose_name="noted")),
                    ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="paid or closed")),
                ],
                options={
                    "verbose_name": "unpaid renewal",
                    "verbose_name_plural": "unpaid renewals",
                    "indexes": [models.Index(fields=["intent_id"], name="unpaid_renewal_intent")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)),
                            name="unpaid_renewal_amount_is_above_zero",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="unpaid_renewal_ends_after_start",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closed_at", None), ("state", "open")),
                                models.Q(
                                    models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="closed_renewal_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RenewalPayment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sent", "Sent, no answer yet"),
                                ("challenged", "The bank asks the buyer"),
                                ("succeeded", "Succeeded"),
                                ("refused", "Refused"),
                                ("abandoned", "Given up by the buyer"),
                            ],
                            default="sent",
                            max_length=12,
                            verbose_name="state",
                        ),
                    ),
                    ("idempotency_key", models.CharField(max_length=80, unique=True)),
                    ("confirmation_token", models.CharField(max_length=64, verbose_name="ConfirmationToken")),
                    ("challenge_url", models.TextField(blank=True, editable=False)),
                    (
                        "decline_code",
                        models.CharField(blank=True, max_length=60, verbose_name="refused because"),
                    ),
                    ("sent_at", models.DateTimeField(verbose_name="sent")),
                    ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                    (
                        "under_way_until",
                        models.DateTimeField(blank=True, null=True, verbose_name="may be under way until"),
                    ),
                    ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="last looked")),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                    (
                        "renewal",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="payments",
                            to="billing.unpaidrenewal",
                        ),
                    ),
                    ("is_on_file", models.BooleanField(default=False, verbose_name="with the card on file")),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("intent_id", models.CharField(blank=True, max_length=64, verbose_name="PaymentIntent")),
                ],
                options={
                    "verbose_name": "payment of a renewal",
                    "verbose_name_plural": "payments of renewals",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=["look_after"],
                            name="renewal_payment_undecided",
                        ),
                        models.Index(
                            condition=models.Q(("state", "abandoned")),
                            fields=["sent_at"],
                            name="renewal_payment_left_open",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("renewal", "number"), name="renewal_attempts_are_numbered"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("is_on_file", False)),
                            fields=("confirmation_token",),
                            name="one_renewal_attempt_per_card_entry",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=("renewal",),
                            name="one_undecided_attempt_per_renewal",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "succeeded")),
                            fields=("renewal",),
                            name="one_successful_attempt_per_renewal",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)),
                            name="renewal_payment_amount_is_above_zero",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at", None), ("state__in", ["sent", "challenged"])),
                                models.Q(
                                    models.Q(("state__in", ["sent", "challenged"]), _negated=True),
                                    ("decided_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="decided_renewal_payment_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardOnFile",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "membership",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="card",
                            to="billing.membership",
                        ),
                    ),
                    ("payment_method_id", models.CharField(max_length=64, verbose_name="PaymentMethod")),
                    ("brand", models.CharField(max_length=30, verbose_name="brand")),
                    ("last4", models.CharField(max_length=4, verbose_name="last four digits")),
                    ("expires_month", models.PositiveSmallIntegerField(verbose_name="month of expiry")),
                    ("expires_year", models.PositiveSmallIntegerField(verbose_name="year of expiry")),
                ],
                options={
                    "verbose_name": "card on file",
                    "verbose_name_plural": "cards on file",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("expires_month__gte", 1), ("expires_month__lte", 12)),
                            name="card_expires_in_a_month",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sent", "Sent, no answer yet"),
                                ("challenged", "The bank asks the buyer"),
                                ("succeeded", "Succeeded"),
                                ("refused", "Refused"),
                                ("abandoned", "Given up by the buyer"),
                            ],
                            default="sent",
                            max_length=12,
                            verbose_name="state",
                        ),
                    ),
                    ("idempotency_key", models.CharField(max_length=80, unique=True)),
                    ("confirmation_token", models.CharField(max_length=64, verbose_name="ConfirmationToken")),
                    ("challenge_url", models.TextField(blank=True, editable=False)),
                    (
                        "decline_code",
                        models.CharField(blank=True, max_length=60, verbose_name="refused because"),
                    ),
                    ("sent_at", models.DateTimeField(verbose_name="sent")),
                    ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                    (
                        "under_way_until",
                        models.DateTimeField(blank=True, null=True, verbose_name="may be under way until"),
                    ),
                    ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="last looked")),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="card_changes",
                            to="billing.membership",
                        ),
                    ),
                    ("intent_id", models.CharField(blank=True, max_length=64, verbose_name="SetupIntent")),
                    (
                        "replaces",
                        models.CharField(
                            blank=True, max_length=64, verbose_name="PaymentMethod that it replaces"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "change of a card",
                    "verbose_name_plural": "changes of cards",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=["look_after"],
                            name="card_change_undecided",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("membership", "number"), name="card_changes_are_numbered"
                        ),
                        models.UniqueConstraint(
                            fields=("confirmation_token",), name="one_card_change_per_card_entry"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=("membership",),
                            name="one_undecided_card_change",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at", None), ("state__in", ["sent", "challenged"])),
                                models.Q(
                                    models.Q(("state__in", ["sent", "challenged"]), _negated=True),
                                    ("decided_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="decided_card_change_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PlanChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="plan_change",
                            to="billing.order",
                            verbose_name="order",
                        ),
                    ),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="plan_changes",
                            to="billing.membership",
                            verbose_name="membership",
                        ),
                    ),
                    ("prorated_at", models.DateTimeField(verbose_name="reckoned up to")),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ],
                options={
                    "verbose_name": "change of plan",
                    "verbose_name_plural": "changes of plan",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("closed_at", None)),
                            fields=["asked_at"],
                            name="plan_change_under_way",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("closed_at", None)),
                            fields=("membership",),
                            name="one_plan_change_under_way_per_membership",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PriceMove",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "membership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="price_moves",
                            to="billing.membership",
                            verbose_name="membership",
                        ),
                    ),
                    (
                        "from_price",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="videos.price",
                            verbose_name="from",
                        ),
                    ),
                    (
                        "to_price",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="videos.price",
                            verbose_name="to",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
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
                    ("asked_at", models.DateTimeField(verbose_name="asked and told")),
                    ("not_before", models.DateTimeField(verbose_name="not before")),
                    (
                        "applied_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="told to Stripe"),
                    ),
                    ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="dropped")),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                ],
                options={
                    "verbose_name": "move to another price",
                    "verbose_name_plural": "moves to other prices",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("applied_at", None), ("dropped_at", None)),
                            fields=["look_after"],
                            name="price_move_ahead",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("applied_at", None), ("dropped_at", None)),
                            fields=("membership",),
                            name="one_price_move_ahead_per_membership",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("applied_at", None), ("dropped_at", None), _connector="OR"),
                            name="price_move_is_applied_or_dropped",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("from_price", models.F("to_price")), _negated=True),
                            name="price_move_leads_to_another_price",
                        ),
                    ],
                },
            ),
        ),
    ]
