from django.db import migrations

from evidence import append_only


def create(apps, schema_editor):
    append_only.create_triggers(schema_editor.connection)


def drop(apps, schema_editor):
    append_only.drop_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
