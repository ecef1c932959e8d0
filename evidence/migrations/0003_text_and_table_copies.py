"""Copies of texts and tables; what had none until now is looked at again."""

from django.db import migrations, models


def look_again(apps, _schema_editor):
    inspections = apps.get_model("evidence", "Inspection").objects
    inspections.filter(reason="kind", item__kind__in=["document", "table", "text"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_counters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="derivative",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sound", "Playable copy"),
                    ("waveform", "Waveform"),
                    ("picture", "Preview"),
                    ("page", "Page"),
                    ("video", "Playable copy"),
                    ("poster", "Still picture"),
                    ("transcript", "Transcript"),
                    ("text", "Text"),
                    ("table", "Table"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(look_again, migrations.RunPython.noop),
    ]
