"""What was agreed to at the till, and the triggers by which the database keeps it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRESQL = [
    """
    CREATE TRIGGER consent_stays BEFORE UPDATE OR DELETE ON billing_consent
    FOR EACH ROW EXECUTE FUNCTION billing_books_stay()
    """
]
_POSTGRESQL_BACK = ["DROP TRIGGER consent_stays ON billing_consent"]
_SQLITE = [
    *(
        f"""
        CREATE TRIGGER billing_consent_no_{act.lower()} BEFORE {act} ON billing_consent
        BEGIN SELECT RAISE(ABORT, 'billing_consent is append-only'); END
        """
        for act in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE would delete what is there without asking the triggers above.
    """
    CREATE TRIGGER billing_consent_no_replace BEFORE INSERT ON billing_consent
    WHEN EXISTS (SELECT 1 FROM billing_consent WHERE order_id = NEW.order_id OR id = NEW.id)
    BEGIN SELECT RAISE(IGNORE); END
    """,
]
_SQLITE_BACK = [f"DROP TRIGGER billing_consent_no_{act}" for act in ("update", "delete", "replace")]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0017_fraudwarning"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=20, verbose_name="edition of the terms")),
                ("law", models.CharField(blank=True, max_length=10, verbose_name="law")),
                ("kind", models.CharField(max_length=10, verbose_name="kind of the offer")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="SHA-256 of the words shown")),
                ("wanted_at_once", models.BooleanField(verbose_name="wanted it to begin at once")),
                ("knew_of_loss", models.BooleanField(verbose_name="knew what watching ends")),
                ("given_at", models.DateTimeField(verbose_name="given")),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="billing.order",
                    ),
                ),
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
        migrations.RunPython(guard, unguard),
    ]
