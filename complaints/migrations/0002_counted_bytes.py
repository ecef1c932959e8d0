from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='codetries',
            name='password_misses',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='codetries',
            name='password_not_before',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='bytes_left',
            field=models.BigIntegerField(default=0),
        ),
    ]
