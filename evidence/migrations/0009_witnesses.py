import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0008_failing_authorities'),
    ]

    operations = [
        migrations.CreateModel(
            name='WitnessState',
            fields=[
                ('vkey', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('rests_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vkey', models.CharField(max_length=300)),
                ('line', models.CharField(max_length=400)),
                ('at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='evidence.checkpoint')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('vkey', 'checkpoint'), name='a_witness_cosigns_once')],
            },
        ),
    ]
