from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_signed_in")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="may_be_twice",
            field=models.BooleanField(
                db_default=False, editable=False, verbose_name="may have arrived twice"
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(may_be_twice=True), fields=["-id"], name="mail_twice"),
        ),
    ]
