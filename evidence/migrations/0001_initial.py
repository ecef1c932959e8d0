import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityState',
            fields=[
                ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('rests_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['size'],
            },
        ),
        migrations.CreateModel(
            name='EvidenceItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255, verbose_name='name as given')),
                ('kind', models.CharField(choices=[('audio', 'Recording'), ('image', 'Picture'), ('video', 'Video'), ('document', 'Document'), ('table', 'Call records'), ('text', 'Text')], max_length=10)),
                ('media_type', models.CharField(max_length=100)),
                ('extension', models.CharField(max_length=8)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('crc32', models.BigIntegerField()),
                ('received_at', models.DateTimeField()),
                ('thread', models.CharField(blank=True, default='', max_length=100)),
                ('fault', models.CharField(blank=True, choices=[('', 'none'), ('missing', 'missing from storage'), ('altered', 'altered in storage')], default='', max_length=8)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['thread'], name='evidence_ev_thread_edba67_idx'), models.Index(fields=['checked_at'], name='evidence_ev_checked_32e2f4_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='item_sha256_is_64_hex'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='item_is_not_empty'), models.CheckConstraint(condition=models.Q(('kind__in', ['audio', 'image', 'video', 'document', 'table', 'text'])), name='item_kind_is_known'), models.CheckConstraint(condition=models.Q(('fault__in', ['', 'missing', 'altered'])), name='item_fault_is_known')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('id', models.UUIDField(unique=True)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=50)),
                ('thread', models.CharField(max_length=100)),
                ('seq', models.IntegerField()),
                ('subject', models.CharField(max_length=100)),
                ('body', models.BinaryField()),
                ('leaf_hash', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
                'ordering': ['index'],
                'indexes': [models.Index(fields=['subject'], name='evidence_le_subject_d23bc9_idx')],
                'constraints': [models.UniqueConstraint(fields=('thread', 'seq'), name='thread_has_no_twins')],
            },
        ),
        migrations.CreateModel(
            name='LedgerHead',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(default=0)),
                ('peaks', models.BinaryField(default=bytes)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_ledger')],
            },
        ),
        migrations.CreateModel(
            name='LedgerNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField()),
                ('position', models.BigIntegerField()),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'position'), name='one_node_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.ledgerentry')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='evidence.evidenceitem')),
            ],
        ),
        migrations.CreateModel(
            name='CheckpointToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=100)),
                ('query', models.BinaryField()),
                ('response', models.BinaryField()),
                ('gen_time', models.DateTimeField()),
                ('certificate_ends', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='evidence.checkpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['authority', 'gen_time'], name='evidence_ch_authori_e14f69_idx')],
            },
        ),
        migrations.CreateModel(
            name='TimestampToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=100)),
                ('query', models.BinaryField()),
                ('response', models.BinaryField()),
                ('gen_time', models.DateTimeField()),
                ('certificate_ends', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='evidence.evidenceitem')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'authority'), name='one_token_an_authority')],
            },
        ),
    ]
