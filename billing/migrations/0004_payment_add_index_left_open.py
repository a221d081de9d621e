from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_payment_once_per_card_entry"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "abandoned")), fields=["sent_at"], name="payment_left_open"
            ),
        ),
    ]
