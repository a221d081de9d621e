from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0008_selling"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="balancetransaction",
            index=models.Index(fields=["source_id"], name="balance_source"),
        ),
    ]
