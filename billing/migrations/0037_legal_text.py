"""Editions of the shop's own words, and the triggers by which the database keeps them."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRESQL = [
    """
    CREATE TRIGGER legal_text_stays BEFORE UPDATE OR DELETE ON billing_legaltext
    FOR EACH ROW EXECUTE FUNCTION billing_books_stay()
    """
]
_POSTGRESQL_BACK = ["DROP TRIGGER legal_text_stays ON billing_legaltext"]
_SQLITE = [
    *(
        f"""
        CREATE TRIGGER billing_legaltext_no_{act.lower()} BEFORE {act} ON billing_legaltext
        BEGIN SELECT RAISE(ABORT, 'billing_legaltext is append-only'); END
        """
        for act in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE would delete what is there without asking the triggers above.
    """
    CREATE TRIGGER billing_legaltext_no_replace BEFORE INSERT ON billing_legaltext
    WHEN EXISTS (SELECT 1 FROM billing_legaltext WHERE id = NEW.id OR (kind = NEW.kind
        AND (number = NEW.number OR effective_at = NEW.effective_at)))
    BEGIN SELECT RAISE(IGNORE); END
    """,
]
_SQLITE_BACK = [f"DROP TRIGGER billing_legaltext_no_{act}" for act in ("update", "delete", "replace")]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0036_erasure"),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "legal text",
                "verbose_name_plural": "legal texts",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="legal_texts_are_numbered"),
                    models.UniqueConstraint(fields=("kind", "effective_at"), name="one_legal_text_in_force"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body_en", ""), _negated=True), models.Q(("body_ko", ""), _negated=True)
                        ),
                        name="legal_text_is_in_both_languages",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="order",
            name="terms",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.legaltext",
                verbose_name="terms of sale",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
