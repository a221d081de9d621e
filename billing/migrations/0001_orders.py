import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import billing.models.orders
from accounts.create_models import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0001_initial"),
        ("billing", "0002_payment_add_index_charge"),
        ("billing", "0003_payment_once_per_card_entry"),
        ("billing", "0004_payment_add_index_left_open"),
        ("billing", "0005_stripeevent_index_type"),
        ("billing", "0008_selling"),
        ("billing", "0010_coupon"),
        ("billing", "0012_order_add_countries"),
        ("billing", "0014_heat"),
        ("billing", "0016_tax_rates"),
        ("billing", "0018_consent"),
        ("billing", "0020_receipt_number"),
        ("billing", "0028_company"),
        ("billing", "0029_tax_calculation"),
        ("billing", "0035_order_email_corrections"),
        ("billing", "0036_erasure"),
        ("billing", "0037_legal_text"),
        ("billing", "0038_order_card_last4"),
        ("billing", "0040_legal_text_in_japanese"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("videos", "0001_catalogue"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="LegalText",
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
                            choices=[("terms", "Terms of sale"), ("privacy", "Privacy notice")],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="edition")),
                    ("effective_at", models.DateTimeField(verbose_name="in force from")),
                    (
                        "body_en",
                        models.TextField(
                            help_text="A line that begins with # is a heading.", verbose_name="in English"
                        ),
                    ),
                    (
                        "body_ko",
                        models.TextField(
                            help_text="A line that begins with # is a heading.", verbose_name="in Korean"
                        ),
                    ),
                    (
                        "body_ja",
                        models.TextField(
                            blank=True,
                            help_text="Left empty, the English words stand there.",
                            null=True,
                            verbose_name="in Japanese",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "legal text",
                    "verbose_name_plural": "legal texts",
                    "constraints": [
                        models.UniqueConstraint(fields=("kind", "number"), name="legal_texts_are_numbered"),
                        models.UniqueConstraint(
                            fields=("kind", "effective_at"), name="one_legal_text_in_force"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("body_en", ""), _negated=True),
                                models.Q(("body_ko", ""), _negated=True),
                            ),
                            name="legal_text_is_in_both_languages",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Coupon",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                    (
                        "percent",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="percent off"),
                    ),
                    (
                        "uses_limit",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="uses in total"),
                    ),
                    (
                        "uses_per_buyer",
                        models.PositiveSmallIntegerField(
                            blank=True, default=1, null=True, verbose_name="uses per buyer"
                        ),
                    ),
                    ("used", models.PositiveIntegerField(default=0, editable=False, verbose_name="used")),
                    ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                    ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                    ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    (
                        "offers",
                        models.ManyToManyField(
                            blank=True, related_name="coupons", to="videos.offer", verbose_name="only for"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "coupon",
                    "verbose_name_plural": "coupons",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("percent", None),
                                models.Q(("percent__gte", 1), ("percent__lte", 100)),
                                _connector="OR",
                            ),
                            name="coupon_percent_is_a_percentage",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("uses_limit", None), ("used__lte", models.F("uses_limit")), _connector="OR"
                            ),
                            name="coupon_uses_within_limit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("starts_at", None),
                                ("ends_at", None),
                                ("ends_at__gt", models.F("starts_at")),
                                _connector="OR",
                            ),
                            name="coupon_ends_after_start",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CouponAmount",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "coupon",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="amounts",
                            to="billing.coupon",
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
                ],
                options={
                    "verbose_name": "amount off",
                    "verbose_name_plural": "amounts off",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("coupon", "currency"), name="one_amount_per_coupon_currency"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor__gt", 0)), name="coupon_amount_is_above_zero"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CouponGuess",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=80)),
                    ("window", models.DateTimeField(verbose_name="since")),
                    ("count", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "coupon guess",
                    "verbose_name_plural": "coupon guesses",
                    "indexes": [models.Index(fields=["window"], name="coupon_guess_old")],
                    "constraints": [
                        models.UniqueConstraint(fields=("key", "window"), name="one_guess_count_per_window")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Order",
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
                            default=billing.models.orders.new_reference,
                            max_length=32,
                            unique=True,
                            verbose_name="reference",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[("open", "Open"), ("paid", "Paid"), ("canceled", "Canceled")],
                            default="open",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("visitor", models.CharField(max_length=32, verbose_name="checkout session")),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="orders",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="user",
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    (
                        "email_corrections",
                        models.PositiveSmallIntegerField(
                            db_default=0, default=0, editable=False, verbose_name="corrections of the e-mail"
                        ),
                    ),
                    ("language", models.CharField(max_length=10, verbose_name="language")),
                    ("time_zone", models.CharField(default="UTC", max_length=50, verbose_name="time zone")),
                    (
                        "offer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="orders",
                            to="videos.offer",
                            verbose_name="offer",
                        ),
                    ),
                    (
                        "price",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="orders",
                            to="videos.price",
                            verbose_name="price",
                        ),
                    ),
                    ("total_minor", models.BigIntegerField(verbose_name="total in minor units")),
                    (
                        "discount_minor",
                        models.BigIntegerField(
                            db_default=0, default=0, verbose_name="discount in minor units"
                        ),
                    ),
                    (
                        "coupon",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="orders",
                            to="billing.coupon",
                            verbose_name="coupon",
                        ),
                    ),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    (
                        "refunded_minor",
                        models.BigIntegerField(
                            db_default=0, default=0, verbose_name="given back in minor units"
                        ),
                    ),
                    (
                        "trial_days",
                        models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="free days"),
                    ),
                    ("quote_nonce", models.CharField(editable=False, max_length=32, unique=True)),
                    (
                        "intent_id",
                        models.CharField(
                            blank=True, max_length=64, null=True, unique=True, verbose_name="PaymentIntent"
                        ),
                    ),
                    (
                        "card_country",
                        models.CharField(
                            blank=True, db_default="", default="", max_length=2, verbose_name="card's country"
                        ),
                    ),
                    (
                        "card_last4",
                        models.CharField(
                            blank=True,
                            db_default="",
                            default="",
                            max_length=4,
                            verbose_name="card's last four digits",
                        ),
                    ),
                    (
                        "stated_country",
                        models.CharField(
                            blank=True,
                            db_default="",
                            default="",
                            max_length=2,
                            verbose_name="country by the buyer's word",
                        ),
                    ),
                    (
                        "tax_country",
                        models.CharField(
                            blank=True, db_default="", default="", max_length=2, verbose_name="taxed in"
                        ),
                    ),
                    (
                        "tax_basis_points",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="tax rate in hundredths of a percent"
                        ),
                    ),
                    (
                        "tax_minor",
                        models.BigIntegerField(db_default=0, default=0, verbose_name="tax in minor units"),
                    ),
                    (
                        "receipt_number",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, unique=True, verbose_name="receipt"
                        ),
                    ),
                    (
                        "terms",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="billing.legaltext",
                            verbose_name="terms of sale",
                        ),
                    ),
                    ("created_at", models.DateTimeField(verbose_name="created")),
                    ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid")),
                ],
                options={
                    "verbose_name": "order",
                    "verbose_name_plural": "orders",
                    "permissions": [("refund_order", "Can refund orders")],
                    "indexes": [
                        models.Index(fields=["-created_at", "-id"], name="order_newest"),
                        models.Index(fields=["email", "-id"], name="order_email"),
                        models.Index(
                            condition=models.Q(("card_last4", ""), _negated=True),
                            fields=["card_last4", "-id"],
                            name="order_card_last4",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "open")),
                            fields=("visitor", "offer"),
                            name="one_open_order_per_session_offer",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("total_minor__gt", 0), ("trial_days", 0)),
                                models.Q(("discount_minor__gt", 0), ("total_minor", 0), ("trial_days", 0)),
                                models.Q(("discount_minor", 0), ("total_minor", 0), ("trial_days__gt", 0)),
                                _connector="OR",
                            ),
                            name="order_total_is_above_zero_or_all_discounted_or_trial",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("coupon", None), ("discount_minor", 0)),
                                models.Q(("coupon__isnull", False), ("discount_minor__gt", 0)),
                                _connector="OR",
                            ),
                            name="order_discount_has_a_coupon",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("intent_id__isnull", False),
                                    ("paid_at__isnull", False),
                                    ("state", "paid"),
                                    ("total_minor__gt", 0),
                                ),
                                models.Q(
                                    ("intent_id", None),
                                    ("paid_at__isnull", False),
                                    ("state", "paid"),
                                    ("total_minor", 0),
                                    ("trial_days", 0),
                                ),
                                models.Q(
                                    ("intent_id__isnull", False),
                                    ("paid_at__isnull", False),
                                    ("state", "paid"),
                                    ("trial_days__gt", 0),
                                ),
                                models.Q(models.Q(("state", "paid"), _negated=True), ("paid_at", None)),
                                _connector="OR",
                            ),
                            name="paid_order_has_time_and_intent_or_is_free",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("refunded_minor", 0),
                                models.Q(
                                    ("refunded_minor__gt", 0),
                                    ("refunded_minor__lte", models.F("total_minor")),
                                    ("state", "paid"),
                                ),
                                _connector="OR",
                            ),
                            name="refunded_is_within_what_was_paid",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("tax_minor__gte", 0), ("tax_minor__lte", models.F("total_minor"))
                            ),
                            name="tax_is_within_the_total",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("email_corrections__lte", 5)),
                            name="order_address_is_corrected_a_few_times",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("tax_minor", 0),
                                models.Q(("tax_basis_points__gt", 0), ("tax_basis_points__isnull", False)),
                                _connector="OR",
                            ),
                            name="order_tax_has_a_rate",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("receipt_number", None), ("state", "paid"), _connector="OR"),
                            name="only_a_paid_order_has_a_receipt",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("tax_basis_points", None),
                                models.Q(("tax_country", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="order_tax_rate_has_a_country",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CouponUse",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "coupon",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="uses",
                            to="billing.coupon",
                        ),
                    ),
                    (
                        "order",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="coupon_use",
                            to="billing.order",
                        ),
                    ),
                    ("visitor", models.CharField(max_length=32, verbose_name="browser")),
                    ("address", models.EmailField(max_length=254, verbose_name="address")),
                    ("turn", models.PositiveSmallIntegerField(verbose_name="turn")),
                    ("held_at", models.DateTimeField(verbose_name="held since")),
                ],
                options={
                    "verbose_name": "coupon use",
                    "verbose_name_plural": "coupon uses",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("coupon", "visitor", "turn"), name="one_coupon_turn_per_browser"
                        ),
                        models.UniqueConstraint(
                            fields=("coupon", "address", "turn"), name="one_coupon_turn_per_address"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Consent",
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
                            related_name="consent",
                            to="billing.order",
                        ),
                    ),
                    ("edition", models.CharField(max_length=20, verbose_name="edition of the terms")),
                    ("law", models.CharField(blank=True, max_length=10, verbose_name="law")),
                    ("kind", models.CharField(max_length=10, verbose_name="kind of the offer")),
                    ("language", models.CharField(max_length=10, verbose_name="language")),
                    (
                        "fingerprint",
                        models.CharField(max_length=64, verbose_name="SHA-256 of the words shown"),
                    ),
                    ("wanted_at_once", models.BooleanField(verbose_name="wanted it to begin at once")),
                    ("knew_of_loss", models.BooleanField(verbose_name="knew what watching ends")),
                    ("given_at", models.DateTimeField(verbose_name="given")),
                ],
                options={
                    "verbose_name": "consent",
                    "verbose_name_plural": "consents",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("wanted_at_once", False), ("knew_of_loss", True), _connector="OR"
                            ),
                            name="wish_comes_with_acknowledgement",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Payment",
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
                        "order",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="payments",
                            to="billing.order",
                        ),
                    ),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    (
                        "is_setup",
                        models.BooleanField(
                            db_default=False, default=False, verbose_name="only puts the card on file"
                        ),
                    ),
                    ("intent_id", models.CharField(blank=True, max_length=64, verbose_name="PaymentIntent")),
                    ("charge_id", models.CharField(blank=True, max_length=64, verbose_name="Charge")),
                ],
                options={
                    "verbose_name": "payment",
                    "verbose_name_plural": "payments",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=["look_after"],
                            name="payment_undecided",
                        ),
                        models.Index(
                            condition=models.Q(("state", "abandoned")),
                            fields=["sent_at"],
                            name="payment_left_open",
                        ),
                        models.Index(fields=["charge_id"], name="payment_charge"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("order", "number"), name="attempts_are_numbered"),
                        models.UniqueConstraint(
                            condition=models.Q(("confirmation_token", ""), _negated=True),
                            fields=("confirmation_token",),
                            name="one_attempt_per_card_entry",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["sent", "challenged"])),
                            fields=("order",),
                            name="one_undecided_attempt_per_order",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "succeeded")),
                            fields=("order",),
                            name="one_successful_attempt_per_order",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount_minor__gt", 0), ("is_setup", False)),
                                models.Q(("amount_minor", 0), ("is_setup", True)),
                                _connector="OR",
                            ),
                            name="payment_amount_is_above_zero_or_setup",
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
                            name="decided_payment_has_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Company",
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
                            related_name="companies",
                            to="billing.order",
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="wording")),
                    ("name", models.CharField(max_length=120, verbose_name="company")),
                    ("address", models.CharField(max_length=300, verbose_name="address")),
                    ("country", models.CharField(max_length=2, verbose_name="country")),
                    ("tax_id", models.CharField(blank=True, max_length=30, verbose_name="tax ID")),
                    ("given_at", models.DateTimeField(verbose_name="given")),
                ],
                options={
                    "verbose_name": "company",
                    "verbose_name_plural": "companies",
                    "constraints": [
                        models.UniqueConstraint(fields=("order", "number"), name="wordings_are_numbered"),
                        models.CheckConstraint(
                            condition=models.Q(("number__gte", 1), ("number__lte", 10)),
                            name="few_wordings_per_order",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("name", ""), _negated=True),
                                models.Q(("address", ""), _negated=True),
                                models.Q(("country", ""), _negated=True),
                            ),
                            name="company_can_be_addressed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TaxRate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("country", models.CharField(max_length=2, verbose_name="country")),
                    ("starts_on", models.DateField(verbose_name="in force from")),
                    (
                        "basis_points",
                        models.PositiveIntegerField(verbose_name="rate in hundredths of a percent"),
                    ),
                ],
                options={
                    "verbose_name": "tax rate",
                    "verbose_name_plural": "tax rates",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("country", "starts_on"), name="one_tax_rate_per_country_day"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("basis_points__lt", 10000)),
                            name="tax_rate_is_below_the_whole",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TaxCalculation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "payment",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tax_calculation",
                            to="billing.payment",
                        ),
                    ),
                    (
                        "calculation_id",
                        models.CharField(max_length=64, unique=True, verbose_name="Stripe's calculation"),
                    ),
                    ("country", models.CharField(max_length=2, verbose_name="taxed in")),
                    (
                        "basis_points",
                        models.PositiveIntegerField(verbose_name="tax rate in hundredths of a percent"),
                    ),
                    ("tax_minor", models.BigIntegerField(verbose_name="tax in minor units")),
                ],
                options={
                    "verbose_name": "tax calculation",
                    "verbose_name_plural": "tax calculations",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("tax_minor", 0),
                                models.Q(("basis_points__gt", 0), ("tax_minor__gt", 0)),
                                _connector="OR",
                            ),
                            name="calculated_tax_has_a_rate",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReceiptCounter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("last", models.PositiveBigIntegerField(default=0, verbose_name="last number")),
                ],
                options={
                    "verbose_name": "receipt counter",
                    "verbose_name_plural": "receipt counters",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("pk__in", [1, 2])), name="one_counter_per_series"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Selling",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "mode",
                        models.CharField(
                            choices=[
                                ("open", "Open"),
                                ("stopped", "Nothing is sold; everything else goes on"),
                                ("read_only", "Read-only: buyers can watch and look, and change nothing"),
                            ],
                            default="open",
                            max_length=12,
                            verbose_name="the shop is",
                        ),
                    ),
                    ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ],
                options={
                    "verbose_name": "selling",
                    "verbose_name_plural": "selling",
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_switch_for_selling")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Heat",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=80, verbose_name="counted by")),
                    ("since", models.DateTimeField(verbose_name="since")),
                    ("count", models.IntegerField(default=0, verbose_name="tries")),
                ],
                options={
                    "verbose_name": "heat",
                    "verbose_name_plural": "heat",
                    "indexes": [models.Index(fields=["since"], name="heat_old")],
                    "constraints": [
                        models.UniqueConstraint(fields=("key", "since"), name="one_heat_per_key_and_window"),
                        models.CheckConstraint(
                            condition=models.Q(("count__gte", 0)), name="heat_is_not_below_zero"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StripeEvent",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("event_id", models.CharField(max_length=64, unique=True, verbose_name="event")),
                    ("type", models.CharField(max_length=80, verbose_name="type")),
                    ("object_id", models.CharField(blank=True, max_length=80, verbose_name="object")),
                    ("api_version", models.CharField(blank=True, max_length=40, verbose_name="API version")),
                    ("livemode", models.BooleanField(verbose_name="live")),
                    ("body_sha256", models.CharField(max_length=64)),
                    ("created_at", models.DateTimeField(verbose_name="made by Stripe")),
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
                    "verbose_name": "Stripe event",
                    "verbose_name_plural": "Stripe events",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("processed_at", None)),
                            fields=["received_at"],
                            name="event_waiting",
                        ),
                        models.Index(fields=["type", "-id"], name="event_type"),
                        models.Index(fields=["object_id"], name="event_object"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Erasure",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("pseudonym", models.EmailField(max_length=254, unique=True, verbose_name="pseudonym")),
                    (
                        "by",
                        models.CharField(
                            choices=[("person", "The person"), ("staff", "Staff")],
                            max_length=10,
                            verbose_name="wanted by",
                        ),
                    ),
                    ("erased_at", models.DateTimeField(verbose_name="erased")),
                ],
                options={
                    "verbose_name": "erasure",
                    "verbose_name_plural": "erasures",
                },
            ),
            migrations.CreateModel(
                name="ErasedCustomer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("customer_id", models.CharField(max_length=64, unique=True, verbose_name="Customer")),
                    (
                        "erasure",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="customers",
                            to="billing.erasure",
                        ),
                    ),
                    (
                        "forgotten_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="forgotten by Stripe"),
                    ),
                ],
                options={
                    "verbose_name": "erased customer",
                    "verbose_name_plural": "erased customers",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("forgotten_at", None)),
                            fields=["id"],
                            name="customer_to_forget",
                        )
                    ],
                },
            ),
        ),
    ]
