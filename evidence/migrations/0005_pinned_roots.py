import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def pin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tokens kept so far were held against the roots that the settings name."""
    from evidence import authorities

    kinds = [apps.get_model("evidence", name) for name in ("TimestampToken", "CheckpointToken")]
    if not any(kind.objects.exists() for kind in kinds):
        return
    for authority in authorities.configured():
        root = apps.get_model("evidence", "PinnedRoot").objects.create(
            authority=authority.name,
            sha256=authority.root_sha256,
            pem=authority.root.decode(),
            local_clock=authority.is_local_clock,
        )
        for kind in kinds:
            kind.objects.filter(authority=authority.name).update(root=root)


TOKENS = ("checkpointtoken", "timestamptoken")


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_derivatives"),
    ]

    operations = [
        migrations.CreateModel(
            name="PinnedRoot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authority", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("pem", models.TextField()),
                ("local_clock", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("authority", "sha256"), name="a_root_is_pinned_once")
                ],
            },
        ),
        *(
            migrations.AddField(
                model_name=name, name="kept_at", field=models.DateTimeField(default=django.utils.timezone.now)
            )
            for name in TOKENS
        ),
        *(
            migrations.AddField(
                model_name=name,
                name="root",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="evidence.pinnedroot",
                ),
            )
            for name in TOKENS
        ),
        migrations.RunPython(pin, migrations.RunPython.noop, elidable=True),
        *(
            migrations.AlterField(
                model_name=name,
                name="root",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.pinnedroot"
                ),
            )
            for name in TOKENS
        ),
    ]
