from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0010_whom_they_reached'),
    ]

    operations = [
        migrations.AddField(
            model_name='exhibit',
            name='place',
            field=models.BigIntegerField(default=0),
        ),
    ]
