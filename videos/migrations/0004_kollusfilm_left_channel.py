from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0003_kollusfilm_trailer")]

    operations = [
        migrations.AddField(
            model_name="kollusfilm",
            name="left_channel_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken out of the channel"),
        ),
    ]
