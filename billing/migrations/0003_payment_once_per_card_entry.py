from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_payment_add_index_charge"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmation_token", ""), _negated=True),
                fields=("confirmation_token",),
                name="one_attempt_per_card_entry",
            ),
        ),
    ]
