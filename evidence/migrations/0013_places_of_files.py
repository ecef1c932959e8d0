from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0012_small_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='pendingupload',
            name='place',
            field=models.BigIntegerField(default=0),
        ),
    ]
