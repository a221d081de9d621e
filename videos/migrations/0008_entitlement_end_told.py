from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0007_uploads")]

    operations = [
        migrations.AddField(
            model_name="entitlement",
            name="end_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="told of its end"),
        ),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(hours_once_started__isnull=False, end_told_at=None, revoked_at=None),
                fields=["ends_at"],
                name="rental_running_out",
            ),
        ),
    ]
