import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_pending_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField()),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('facts', models.JSONField(default=dict)),
                ('claims', models.JSONField(default=dict)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inspection', to='evidence.evidenceitem')),
            ],
        ),
        migrations.CreateModel(
            name='Derivative',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('sound', 'Playable copy'), ('waveform', 'Waveform'), ('picture', 'Preview'), ('page', 'Page'), ('video', 'Playable copy'), ('poster', 'Still picture'), ('transcript', 'Transcript')], max_length=10)),
                ('number', models.PositiveIntegerField(default=1)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('made_at', models.DateTimeField()),
                ('by', models.JSONField(default=dict)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.evidenceitem')),
            ],
            options={
                'ordering': ['kind', 'number'],
                'constraints': [models.UniqueConstraint(fields=('item', 'kind', 'number'), name='one_derivative_a_place'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='derivative_sha256_is_64_hex')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('clean', 'clean'), ('infected', 'infected'), ('too_large', 'not scanned: too large for the scanner')], max_length=10)),
                ('found', models.CharField(blank=True, default='', max_length=200)),
                ('engine', models.CharField(blank=True, default='', max_length=200)),
                ('scanned_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scan', to='evidence.evidenceitem')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['clean', 'infected', 'too_large'])), name='scan_state_is_known'), models.CheckConstraint(condition=models.Q(('released_at', None), ('state', 'infected'), _connector='OR'), name='only_the_infected_is_released')],
            },
        ),
    ]
