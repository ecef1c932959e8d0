import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0012_senders_of_exports'),
    ]

    operations = [
        migrations.AddField(
            model_name='unsent',
            name='is_draft',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='unsent',
            name='kept_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
