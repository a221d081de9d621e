from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0018_play_log"),
    ]

    operations = [
        migrations.AddField(
            model_name="offlinecopy",
            name="plays_left",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="plays left"),
        ),
    ]
