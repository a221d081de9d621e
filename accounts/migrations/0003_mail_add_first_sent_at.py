from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    mails = apps.get_model("accounts", "Mail").objects.filter(first_sent_at=None).exclude(sent_at=None)
    last = mails.order_by("-id").values_list("id", flat=True).first() or 0
    for start in range(0, last + 1, 10_000):
        mails.filter(id__gte=start, id__lt=start + 10_000).update(first_sent_at=F("sent_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_mail_add_index_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="first_sent_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="first sent"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
