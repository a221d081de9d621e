import django.db.models.deletion
from django.db import migrations, models

_TAKE_FROM_SESSION = """
    UPDATE videos_offlinecopy SET entitlement_id = (
        SELECT opened.entitlement_id FROM videos_playbacksession opened
        WHERE opened.id = videos_offlinecopy.session_id
    )
"""


def _right(**null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="copies",
        to="videos.entitlement",
        **null,
    )


class Migration(migrations.Migration):
    dependencies = [("videos", "0004_kollusfilm_left_channel")]

    operations = [
        migrations.AddField("offlinecopy", "entitlement", _right(null=True)),
        migrations.RunSQL(_TAKE_FROM_SESSION, migrations.RunSQL.noop),
        migrations.AlterField("offlinecopy", "entitlement", _right()),
    ]
