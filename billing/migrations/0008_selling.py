from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0007_ledger"),
    ]

    operations = [
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
    ]
