from django.db import migrations


def of_the_office(apps, schema_editor):
    """What came with a message of the office is the office's."""
    exhibits = apps.get_model("complaints", "Exhibit").objects
    exhibits.filter(came_with__written_by__isnull=False).update(source="office")


class Migration(migrations.Migration):

    dependencies = [
        ("complaints", "0008_enquiries_notes_and_tasks"),
    ]

    operations = [
        migrations.RunPython(of_the_office, migrations.RunPython.noop, elidable=True),
    ]
