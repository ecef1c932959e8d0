from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0007_staff_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='at',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='exhibit',
            name='is_account',
            field=models.BooleanField(default=False),
        ),
    ]
