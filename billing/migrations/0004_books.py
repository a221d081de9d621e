"""The ledger, and the triggers by which the database keeps what is only ever added to.

Nothing of it is changed or deleted, and every set of entries balances. TRUNCATE is a right that the shop's role
need not have; it is how tests empty tables.
"""

import django.db.models.expressions
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.create_models import CreateModels

# What is only ever added to, the name of its trigger on PostgreSQL, and which rows are the same one there.
_KEPT = {
    "billing_ledgerentry": ("books_stay", "(cause = NEW.cause AND line = NEW.line)"),
    "billing_balancetransaction": ("books_stay", "transaction_id = NEW.transaction_id"),
    "billing_consent": ("consent_stays", "order_id = NEW.order_id"),
    "billing_legaltext": (
        "legal_text_stays",
        "(kind = NEW.kind AND (number = NEW.number OR effective_at = NEW.effective_at))",
    ),
}

_POSTGRESQL = [
    """
    CREATE FUNCTION billing_books_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION billing_books_stay()
        """
        for table, (trigger, _) in _KEPT.items()
    ),
    """
    CREATE FUNCTION billing_books_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT sum(amount_minor) FROM billing_ledgerentry
            WHERE cause = NEW.cause AND currency = NEW.currency) <> 0
        THEN
            RAISE EXCEPTION 'the entries of % do not balance in %', NEW.cause, NEW.currency
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER books_balance AFTER INSERT ON billing_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_books_balance()
    """,
]
_POSTGRESQL_BACK = [
    "DROP TRIGGER books_balance ON billing_ledgerentry",
    *(f"DROP TRIGGER {trigger} ON {table}" for table, (trigger, _) in _KEPT.items()),
    "DROP FUNCTION billing_books_balance()",
    "DROP FUNCTION billing_books_stay()",
]

# SQLite has no deferred trigger, but deferred foreign keys: a set that does not balance yet leaves a row here
# that points at nobody, and with such a row nothing can be committed.
_SQLITE = [
    *(
        f"""
        CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """
        for table in _KEPT
        for act in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE would delete what is there without asking the triggers above.
    *(
        f"""
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same} OR id = NEW.id)
        BEGIN SELECT RAISE(IGNORE); END
        """  # noqa: S608 (names of ours)
        for table, (_, same) in _KEPT.items()
    ),
    """
    CREATE TABLE billing_unbalanced (
        id integer PRIMARY KEY,
        cause varchar(80) NOT NULL,
        currency varchar(3) NOT NULL,
        nobody integer NOT NULL DEFAULT -1 REFERENCES billing_unbalanced (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TRIGGER billing_ledgerentry_balance AFTER INSERT ON billing_ledgerentry
    BEGIN
        DELETE FROM billing_unbalanced WHERE cause = NEW.cause AND currency = NEW.currency;
        INSERT INTO billing_unbalanced (cause, currency)
        SELECT NEW.cause, NEW.currency WHERE 0 <> (
            SELECT sum(amount_minor) FROM billing_ledgerentry
            WHERE cause = NEW.cause AND currency = NEW.currency
        );
    END
    """,
]
_SQLITE_BACK = [
    "DROP TRIGGER billing_ledgerentry_balance",
    "DROP TABLE billing_unbalanced",
    *(f"DROP TRIGGER {table}_no_{act}" for table in _KEPT for act in ("update", "delete", "replace")),
]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0007_ledger"),
        ("billing", "0009_balancetransaction_index_source"),
        ("billing", "0011_ledgerentry_index_booked"),
        ("billing", "0022_money_report_right"),
    ]

    initial = True

    dependencies = [
        ("billing", "0003_memberships"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="LedgerEntry",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cause", models.CharField(max_length=80, verbose_name="cause")),
                    ("line", models.PositiveSmallIntegerField(verbose_name="line")),
                    (
                        "account",
                        models.CharField(
                            choices=[
                                ("stripe_balance", "Stripe balance"),
                                ("due_from_stripe", "Due from Stripe"),
                                ("exchange", "Currency exchange"),
                                ("paid_out", "Paid out"),
                                ("sales", "Sales"),
                                ("tax", "Tax"),
                                ("discounts", "Discounts"),
                                ("refunds", "Refunds"),
                                ("disputes", "Disputes"),
                                ("stripe_fees", "Stripe's fees"),
                                ("unexplained", "Unexplained"),
                            ],
                            max_length=20,
                            verbose_name="account",
                        ),
                    ),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("booked_at", models.DateTimeField(verbose_name="booked for")),
                ],
                options={
                    "verbose_name": "ledger entry",
                    "verbose_name_plural": "ledger entries",
                    "permissions": [("view_money_report", "Can see the money report")],
                    "indexes": [
                        models.Index(fields=["account", "currency", "-id"], name="entry_account"),
                        models.Index(fields=["booked_at"], name="entry_booked"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("cause", "line"), name="one_set_per_cause"),
                        models.CheckConstraint(
                            condition=models.Q(("amount_minor", 0), _negated=True), name="entry_is_not_zero"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "account__in",
                                    [
                                        "stripe_balance",
                                        "due_from_stripe",
                                        "exchange",
                                        "paid_out",
                                        "sales",
                                        "tax",
                                        "discounts",
                                        "refunds",
                                        "disputes",
                                        "stripe_fees",
                                        "unexplained",
                                    ],
                                )
                            ),
                            name="entry_account_is_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="BalanceTransaction",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "transaction_id",
                        models.CharField(max_length=64, unique=True, verbose_name="balance transaction"),
                    ),
                    ("type", models.CharField(max_length=40, verbose_name="type")),
                    ("category", models.CharField(max_length=40, verbose_name="reporting category")),
                    ("source_id", models.CharField(blank=True, max_length=64, verbose_name="source")),
                    ("intent_id", models.CharField(blank=True, max_length=64, verbose_name="PaymentIntent")),
                    (
                        "source_amount_minor",
                        models.BigIntegerField(verbose_name="amount in the source's minor units"),
                    ),
                    ("source_currency", models.CharField(max_length=3, verbose_name="source's currency")),
                    ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                    ("fee_minor", models.BigIntegerField(verbose_name="fee in minor units")),
                    ("net_minor", models.BigIntegerField(verbose_name="net in minor units")),
                    ("currency", models.CharField(max_length=3, verbose_name="currency")),
                    (
                        "exchange_rate",
                        models.DecimalField(
                            blank=True,
                            decimal_places=12,
                            max_digits=24,
                            null=True,
                            verbose_name="exchange rate",
                        ),
                    ),
                    ("created_at", models.DateTimeField(verbose_name="made by Stripe")),
                ],
                options={
                    "verbose_name": "balance transaction",
                    "verbose_name_plural": "balance transactions",
                    "indexes": [
                        models.Index(fields=["created_at", "id"], name="balance_newest"),
                        models.Index(fields=["intent_id"], name="balance_intent"),
                        models.Index(fields=["source_id"], name="balance_source"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "net_minor",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount_minor"), "-", models.F("fee_minor")
                                    ),
                                )
                            ),
                            name="net_is_amount_less_fee",
                        )
                    ],
                },
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
