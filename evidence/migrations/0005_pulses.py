from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_troubles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('queue', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
