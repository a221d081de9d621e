from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_coupon"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["booked_at"], name="entry_booked"),
        ),
    ]
