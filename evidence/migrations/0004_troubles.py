from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_text_and_table_copies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Trouble',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, max_length=30)),
                ('count', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField()),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
