"""The tables of evidence, and the triggers by which the database itself refuses to change or remove what the ledger
keeps. The statements are frozen here: a migration imports no code that may change."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.state import StateApps

APPEND_ONLY = ("evidence_ledgerentry", "evidence_ledgernode", "evidence_checkpoint")
REFUSE = (
    "CREATE OR REPLACE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$"
)


def on_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{operation} BEFORE {operation} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for operation in ("update", "delete")
    ]


def on_postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER {table}_no_{operation} BEFORE {operation} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()"
        for operation in ("update", "delete", "truncate")
    ]


def create_triggers(apps: StateApps | None, schema_editor: Any) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on the append-only tables."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSE)
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    for table in APPEND_ONLY:
        for statement in make(table):
            schema_editor.execute(statement)


def drop_triggers(apps: StateApps | None, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in APPEND_ONLY:
        for operation in ("update", "delete", "truncate"):
            on_table = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{operation}{on_table}")


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
                ('fault', models.CharField(blank=True, choices=[('', 'none'), ('missing', 'missing from storage'), ('altered', 'altered in storage'), ('unreadable', 'unreadable in storage')], default='', max_length=10)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['thread'], name='evidence_ev_thread_edba67_idx'), models.Index(fields=['checked_at'], name='evidence_ev_checked_32e2f4_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='item_sha256_is_64_hex'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='item_is_not_empty'), models.CheckConstraint(condition=models.Q(('kind__in', ['audio', 'image', 'video', 'document', 'table', 'text'])), name='item_kind_is_known'), models.CheckConstraint(condition=models.Q(('fault__in', ['', 'missing', 'altered', 'unreadable'])), name='item_fault_is_known')],
            },
        ),
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
            name='ItemKey',
            fields=[
                ('file', models.UUIDField(primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField(max_length=60)),
                ('master', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['master'], name='evidence_it_master_c2ce99_idx'), models.Index(fields=['made_at'], name='evidence_it_made_at_e55aab_idx')],
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
            name='PendingUpload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holder', models.CharField(db_index=True, max_length=100)),
                ('name', models.CharField(max_length=255)),
                ('metadata', models.TextField(blank=True, default='')),
                ('size', models.BigIntegerField()),
                ('offset', models.BigIntegerField(default=0)),
                ('tail', models.BinaryField(default=bytes)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('offset__gte', 0), ('offset__lte', models.F('size'))), name='upload_is_within_its_size'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='upload_is_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='PinnedRoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('pem', models.TextField()),
                ('local_clock', models.BooleanField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('authority', 'sha256'), name='a_root_is_pinned_once')],
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
                ('fault', models.CharField(blank=True, choices=[('', 'none'), ('missing', 'missing from storage'), ('altered', 'altered in storage'), ('unreadable', 'unreadable in storage')], default='', max_length=10)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.evidenceitem')),
            ],
            options={
                'ordering': ['kind', 'number'],
                'indexes': [models.Index(fields=['checked_at'], name='evidence_de_checked_92e717_idx')],
                'constraints': [models.UniqueConstraint(fields=('item', 'kind', 'number'), name='one_derivative_a_place'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='derivative_sha256_is_64_hex'), models.CheckConstraint(condition=models.Q(('fault__in', ['', 'missing', 'altered', 'unreadable'])), name='derivative_fault_is_known')],
            },
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
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='evidence.checkpoint')),
                ('root', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.pinnedroot')),
            ],
            options={
                'indexes': [models.Index(fields=['authority', 'gen_time'], name='evidence_ch_authori_e14f69_idx')],
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
        migrations.CreateModel(
            name='ShownCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.CharField(max_length=100)),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.checkpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thread', 'checkpoint'), name='shown_once')],
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
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='evidence.evidenceitem')),
                ('root', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.pinnedroot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'authority'), name='one_token_an_authority')],
            },
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
