from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0024_refund_add_credit_note"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit_note_number", None), ("credited_at", None))
                | models.Q(
                    ("credit_note_number__isnull", False),
                    ("credited_at__isnull", False),
                    ("refund_id__isnull", False),
                ),
                name="credit_note_is_of_a_refund_taken_on",
            ),
        ),
    ]
