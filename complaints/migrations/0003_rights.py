import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def date_replies(apps, schema_editor):
    """Cases that were answered before replies were dated on the case: their last message is the reply."""
    Case = apps.get_model("complaints", "Case")
    for case in Case.objects.filter(state__in=["replied", "closed"], replied_at=None).iterator():
        last = case.messages.order_by("written_at").last()
        if last:
            Case.objects.filter(pk=case.pk).update(replied_at=last.written_at)


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0002_steps'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(choices=[('lender', 'The lender'), ('agency', 'The collection agency'), ('legal_aid', 'Legal aid'), ('regulator', 'A regulator')], max_length=10)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['given_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerReporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('replaced_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['replaced_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(max_length=20)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message')], max_length=5)),
                ('state', models.CharField(choices=[('pending', 'on its way'), ('sent', 'sent'), ('failed', 'not delivered')], default='pending', max_length=7)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message')], max_length=5)),
                ('code_digest', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Retaliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField(verbose_name='what they did')),
                ('reported_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['reported_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('round', models.PositiveSmallIntegerField()),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['round'],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('pressed', models.CharField(choices=[('no', 'No, it is my own wish'), ('yes', 'Yes, somebody pressed me'), ('unsaid', 'I would rather not say')], max_length=6)),
                ('pressure_words', models.TextField(blank=True)),
                ('pressure', models.BinaryField()),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting'), ('taken_back', 'taken back'), ('withdrawn', 'withdrawn'), ('declined', 'declined by a supervisor')], default='', max_length=10)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reasons', models.TextField(blank=True)),
                ('decision', models.BinaryField(null=True)),
            ],
            options={
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='finding',
            name='one_finding_an_allegation',
        ),
        migrations.AddField(
            model_name='case',
            name='replied_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='round',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='case',
            name='withdraw_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='withdrawn',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='finding',
            name='round',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn', False), ('state', 'closed'), _connector='OR'), name='withdrawn_means_closed'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('case', 'allegation', 'round'), name='one_finding_an_allegation_and_round'),
        ),
        migrations.AddField(
            model_name='consent',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='formerreporter',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_reporters', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='notice',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='recovery',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='notice',
            name='recovery',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notice', to='complaints.recovery'),
        ),
        migrations.AddField(
            model_name='retaliation',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retaliations', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='review',
            name='barred',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('case', 'recipient'), name='one_standing_consent_a_recipient'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ['lender', 'agency', 'legal_aid', 'regulator'])), name='consent_recipient_is_known'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['state', 'next_try_at'], name='complaints__state_ce45aa_idx'),
        ),
        migrations.AddConstraint(
            model_name='retaliation',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='retaliation_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('case', 'round'), name='one_review_a_round'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='review_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('case',), name='one_open_withdrawal_a_case'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='withdrawal_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='withdrawal_sha256_is_64_hex'),
        ),
        migrations.RunPython(date_replies, migrations.RunPython.noop, elidable=True),
    ]
