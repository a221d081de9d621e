import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0006_refund"),
        ("billing", "0013_dispute"),
        ("billing", "0015_disputeanswer"),
        ("billing", "0017_fraudwarning"),
        ("billing", "0021_withdrawal"),
        ("billing", "0024_refund_add_credit_note"),
        ("billing", "0025_refund_credit_note_is_of_a_refund"),
        ("billing", "0034_dispute_tax"),
        ("billing", "0041_refund_of_a_film_that_left"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0001_orders"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Refund",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="refunds",
                            to="billing.order",
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="refund")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sent", "Asked, no answer yet"),
                                ("pending", "On its way"),
                                ("succeeded", "Given back"),
                                ("failed", "Came back from the bank"),
                                ("refused", "Refused by Stripe"),
                            ],
                            default="sent",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    (
                        "tax_minor",
                        models.BigIntegerField(
                            db_default=0, default=0, verbose_name="of it tax, in minor units"
                        ),
                    ),
                    (
                        "reason",
                        models.CharField(
                            choices=[
                                ("changed_mind", "Does not want it any more"),
                                ("does_not_play", "It does not play"),
                                ("not_as_described", "It is not what was described"),
                                ("unauthorised", "Somebody else used the card"),
                                ("bought_twice", "Bought twice"),
                                ("fraudulent", "The card's bank warned of fraud"),
                                ("taken_down", "The film has left the shop"),
                                ("other", "Something else"),
                            ],
                            max_length=20,
                            verbose_name="reason",
                        ),
                    ),
                    ("ends_access", models.BooleanField(verbose_name="ends the right to watch")),
                    ("rule", models.CharField(blank=True, max_length=40, verbose_name="rule")),
                    (
                        "rulebook",
                        models.CharField(blank=True, max_length=20, verbose_name="version of the rules"),
                    ),
                    ("rulebook_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                    (
                        "asker",
                        models.CharField(
                            choices=[
                                ("buyer", "The buyer"),
                                ("staff", "Staff"),
                                ("shop", "The shop by itself"),
                                ("stripe", "Somebody at Stripe"),
                            ],
                            max_length=10,
                            verbose_name="asked by",
                        ),
                    ),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="refunds",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                    ("idempotency_key", models.CharField(max_length=80, unique=True)),
                    (
                        "refund_id",
                        models.CharField(
                            blank=True, max_length=64, null=True, unique=True, verbose_name="Stripe's refund"
                        ),
                    ),
                    ("intent_id", models.CharField(max_length=64, verbose_name="PaymentIntent")),
                    ("charge_id", models.CharField(blank=True, max_length=64, verbose_name="Charge")),
                    (
                        "failed_because",
                        models.CharField(blank=True, max_length=60, verbose_name="failed because"),
                    ),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("succeeded_at", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
                    ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="failed")),
                    (
                        "credit_note_number",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, unique=True, verbose_name="credit note"
                        ),
                    ),
                    (
                        "credited_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="credit note of"),
                    ),
                    (
                        "under_way_until",
                        models.DateTimeField(blank=True, null=True, verbose_name="may be under way until"),
                    ),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                ],
                options={
                    "verbose_name": "refund",
                    "verbose_name_plural": "refunds",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("look_after__isnull", False)),
                            fields=["look_after"],
                            name="refund_look",
                        ),
                        models.Index(fields=["intent_id"], name="refund_intent"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("order", "number"), name="refunds_are_numbered"),
                        models.UniqueConstraint(
                            condition=models.Q(("asker", "shop"), ("reason", "taken_down")),
                            fields=("order",),
                            name="one_refund_per_order_of_a_film_that_left",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)), name="refund_amount_is_above_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("tax_minor__gte", 0), ("tax_minor__lte", models.F("amount_minor"))
                            ),
                            name="refund_tax_is_within_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("failed_at", None),
                                    ("state__in", ["sent", "pending"]),
                                    ("succeeded_at", None),
                                ),
                                models.Q(
                                    ("failed_at", None),
                                    ("state", "succeeded"),
                                    ("succeeded_at__isnull", False),
                                ),
                                models.Q(("failed_at__isnull", False), ("state__in", ["failed", "refused"])),
                                _connector="OR",
                            ),
                            name="decided_refund_has_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["pending", "succeeded", "failed"]), _negated=True),
                                ("refund_id__isnull", False),
                                _connector="OR",
                            ),
                            name="answered_refund_has_id",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("credit_note_number", None), ("credited_at", None)),
                                models.Q(
                                    ("credit_note_number__isnull", False),
                                    ("credited_at__isnull", False),
                                    ("refund_id__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="credit_note_is_of_a_refund_taken_on",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("asker", "staff"), _negated=True),
                                ("asked_by__isnull", False),
                                _connector="OR",
                            ),
                            name="staff_refund_names_who",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Withdrawal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("reference", models.CharField(max_length=32, verbose_name="reference")),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    ("language", models.CharField(max_length=10, verbose_name="language")),
                    ("window", models.DateTimeField(verbose_name="within ten minutes from")),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="link mailed")),
                    (
                        "order",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="withdrawals",
                            to="billing.order",
                        ),
                    ),
                    (
                        "token_hash",
                        models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True),
                    ),
                    (
                        "expires_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="link is good until"),
                    ),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ],
                options={
                    "verbose_name": "withdrawal",
                    "verbose_name_plural": "withdrawals",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("answered_at", None)),
                            fields=["id"],
                            name="withdrawal_waiting",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("reference", "email", "window"), name="one_withdrawal_asked_per_window"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("withdrawn_at", None), ("order__isnull", False), _connector="OR"
                            ),
                            name="withdrawn_from_an_order",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Dispute",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="disputes",
                            to="billing.order",
                        ),
                    ),
                    (
                        "dispute_id",
                        models.CharField(max_length=64, unique=True, verbose_name="Stripe's dispute"),
                    ),
                    ("charge_id", models.CharField(max_length=64, verbose_name="Charge")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("warning_needs_response", "Inquiry: waits for an answer"),
                                ("warning_under_review", "Inquiry: the bank reads the answer"),
                                ("warning_closed", "Inquiry: closed"),
                                ("needs_response", "Waits for an answer"),
                                ("under_review", "The bank reads the answer"),
                                ("appeal_needs_response", "Appeal: waits for an answer"),
                                ("appeal_under_review", "Appeal: the bank reads the answer"),
                                ("won", "Won"),
                                ("lost", "Lost"),
                                ("prevented", "Settled before it began"),
                            ],
                            max_length=24,
                            verbose_name="state",
                        ),
                    ),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("reason", models.CharField(max_length=60, verbose_name="reason")),
                    (
                        "network_reason",
                        models.CharField(blank=True, max_length=20, verbose_name="network's code"),
                    ),
                    ("due_by", models.DateTimeField(blank=True, null=True, verbose_name="answer by")),
                    ("is_charge_refundable", models.BooleanField(verbose_name="can be refunded meanwhile")),
                    (
                        "submissions",
                        models.PositiveSmallIntegerField(default=0, verbose_name="answers that the bank has"),
                    ),
                    ("opened_at", models.DateTimeField(verbose_name="opened")),
                    ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                ],
                options={
                    "verbose_name": "dispute",
                    "verbose_name_plural": "disputes",
                    "permissions": [("submit_evidence", "Can answer disputes")],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("look_after__isnull", False)),
                            fields=["look_after"],
                            name="dispute_look",
                        ),
                        models.Index(fields=["charge_id"], name="dispute_charge"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)), name="dispute_amount_is_above_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("closed_at__isnull", False),
                                    ("state__in", ["warning_closed", "won", "lost", "prevented"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state__in", ["warning_closed", "won", "lost", "prevented"]),
                                        _negated=True,
                                    ),
                                    ("closed_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="closed_dispute_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DisputeAnswer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "dispute",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="answers",
                            to="billing.dispute",
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="answer")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("evidence", "Evidence"), ("acceptance", "The shop gives up")],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sent", "Asked, no answer yet"),
                                ("delivered", "With the bank"),
                                ("refused", "Refused by Stripe"),
                            ],
                            default="sent",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                    ("note", models.CharField(max_length=500, verbose_name="note")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("idempotency_key", models.CharField(max_length=100, unique=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                    (
                        "refused_because",
                        models.CharField(blank=True, max_length=60, verbose_name="refused because"),
                    ),
                    (
                        "under_way_until",
                        models.DateTimeField(blank=True, null=True, verbose_name="may be under way until"),
                    ),
                    (
                        "look_after",
                        models.DateTimeField(blank=True, null=True, verbose_name="look again after"),
                    ),
                ],
                options={
                    "verbose_name": "answer to a dispute",
                    "verbose_name_plural": "answers to disputes",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "sent")),
                            fields=["look_after"],
                            name="dispute_answer_look",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("dispute", "number"), name="dispute_answers_are_numbered"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["sent", "delivered"])),
                            fields=("dispute",),
                            name="one_live_answer_per_dispute",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at", None), ("state", "sent")),
                                models.Q(
                                    ("answered_at__isnull", False), ("state__in", ["delivered", "refused"])
                                ),
                                _connector="OR",
                            ),
                            name="answered_answer_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DisputeTax",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "dispute",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="taxes",
                            to="billing.dispute",
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="verdict")),
                    ("key", models.CharField(max_length=68, unique=True)),
                    ("amount_minor", models.BigIntegerField(verbose_name="tax given back, in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("booked_at", models.DateTimeField(verbose_name="booked for")),
                ],
                options={
                    "verbose_name": "tax of a dispute",
                    "verbose_name_plural": "taxes of disputes",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("dispute", "number"), name="dispute_taxes_are_numbered"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor", 0), _negated=True),
                            name="dispute_tax_is_not_zero",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FraudWarning",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "order",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="fraud_warnings",
                            to="billing.order",
                        ),
                    ),
                    (
                        "warning_id",
                        models.CharField(max_length=64, unique=True, verbose_name="Stripe's warning"),
                    ),
                    ("charge_id", models.CharField(max_length=64, verbose_name="Charge")),
                    ("fraud_type", models.CharField(max_length=60, verbose_name="kind of fraud")),
                    ("is_actionable", models.BooleanField(verbose_name="a refund still helps")),
                    ("warned_at", models.DateTimeField(verbose_name="warned")),
                ],
                options={
                    "verbose_name": "fraud warning",
                    "verbose_name_plural": "fraud warnings",
                    "indexes": [models.Index(fields=["charge_id"], name="fraud_warning_charge")],
                },
            ),
        ),
    ]
