import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_item_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='PendingUpload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.CharField(db_index=True, max_length=100)),
                ('name', models.CharField(max_length=255)),
                ('metadata', models.TextField(blank=True, default='')),
                ('size', models.BigIntegerField()),
                ('offset', models.BigIntegerField(default=0)),
                ('tail', models.BinaryField(default=bytes)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('offset__gte', 0), ('offset__lte', models.F('size'))), name='upload_is_within_its_size'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='upload_is_not_empty')],
            },
        ),
    ]
