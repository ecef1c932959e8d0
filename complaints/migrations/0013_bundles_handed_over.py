import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0012_clocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('audience', models.CharField(max_length=10)),
                ('options', models.JSONField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('unapproved', 'waiting for a second person'), ('waiting', 'waiting to be made'), ('making', 'being made'), ('ready', 'ready'), ('failed', 'not made'), ('gone', 'no longer kept')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('seen_at', models.DateTimeField(null=True)),
                ('bytes_done', models.BigIntegerField(default=0)),
                ('bytes_total', models.BigIntegerField(default=0)),
                ('problem', models.TextField(blank=True)),
                ('language', models.CharField(max_length=10)),
                ('ledger_size', models.BigIntegerField(null=True)),
                ('manifest', models.CharField(blank=True, max_length=64)),
                ('names_the_borrower', models.BooleanField(default=False)),
                ('size', models.BigIntegerField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient', models.CharField(max_length=200, verbose_name='name of the recipient')),
                ('age_key', models.CharField(blank=True, max_length=200)),
                ('link_digest', models.CharField(max_length=64, unique=True)),
                ('phrase_digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('downloads_most', models.PositiveSmallIntegerField()),
                ('downloads', models.PositiveSmallIntegerField(default=0)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='consent',
            name='consent_recipient_is_known',
        ),
        migrations.AlterField(
            model_name='consent',
            name='recipient',
            field=models.CharField(choices=[('lender', 'The lender'), ('platform', 'The platform'), ('agency', 'The collection agency'), ('legal_aid', 'Legal aid'), ('regulator', 'A regulator'), ('court', 'A court'), ('police', 'The police')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ['lender', 'platform', 'agency', 'legal_aid', 'regulator', 'police', 'court'])), name='consent_recipient_is_known'),
        ),
        migrations.AddField(
            model_name='export',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='export',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='export',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='grant',
            name='export',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='complaints.export'),
        ),
        migrations.AddField(
            model_name='grant',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['state', 'seen_at'], name='complaints__state_e3b37c_idx'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('expires_at__isnull', False), ('ledger_size__isnull', False), ('manifest__regex', '^[0-9a-f]{64}$'), ('size__isnull', False)), _connector='OR'), name='a_ready_export_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('asked_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_export'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='grant_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('downloads__lte', models.F('downloads_most'))), name='grant_within_its_downloads'),
        ),
    ]
