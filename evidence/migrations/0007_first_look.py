import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_reserved_room"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstLook",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="first_look",
                        serialize=False,
                        to="evidence.evidenceitem",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
            ],
        ),
    ]
