from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Coalesce


def number(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What Stripe took on before there were credit notes gets its number in the order of its time."""
    refunds = apps.get_model("billing", "Refund").objects
    counters = apps.get_model("billing", "ReceiptCounter").objects
    taken_on = refunds.filter(state__in=["pending", "succeeded"], credit_note_number=None)
    last = refunds.exclude(credit_note_number=None).count()
    for refund in taken_on.order_by(Coalesce("succeeded_at", "asked_at"), "id").iterator():
        last += 1
        refund.credit_note_number = last
        refund.credited_at = refund.succeeded_at or refund.asked_at
        refund.save(update_fields=["credit_note_number", "credited_at"])
    if last:
        counters.update_or_create(pk=2, defaults={"last": last})


def forget(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("billing", "ReceiptCounter").objects.filter(pk=2).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0023_trial"),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="credit_note_number",
            field=models.PositiveBigIntegerField(
                blank=True, null=True, unique=True, verbose_name="credit note"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="credited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="credit note of"),
        ),
        migrations.RemoveConstraint(model_name="receiptcounter", name="one_receipt_counter"),
        migrations.AddConstraint(
            model_name="receiptcounter",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk__in", [1, 2])), name="one_counter_per_series"
            ),
        ),
        migrations.RunPython(number, forget),
    ]
