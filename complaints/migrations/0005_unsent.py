import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0004_senders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unsent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=2000)),
                ('page', models.CharField(max_length=2000)),
                ('sealed', models.BinaryField()),
                ('kept_at', models.DateTimeField(auto_now_add=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsent', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('kept_at',),
            },
        ),
    ]
