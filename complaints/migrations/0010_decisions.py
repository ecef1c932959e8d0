import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0009_whose_exhibits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('round', models.PositiveSmallIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting for a second person'), ('confirmed', 'confirmed'), ('sent_back', 'sent back')], default='', max_length=10)),
                ('settled_at', models.DateTimeField(null=True)),
                ('objection', models.TextField(blank=True)),
                ('objection_document', models.BinaryField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('to', models.CharField(choices=[('regulator', 'A regulator'), ('police', 'The police')], max_length=10)),
                ('authority', models.CharField(max_length=200)),
                ('referred_on', models.DateField()),
                ('number', models.CharField(blank=True, max_length=100)),
                ('reasons', models.TextField()),
                ('with_identity', models.BooleanField(default=False)),
                ('referred_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Undertaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('round', models.PositiveSmallIntegerField()),
                ('sort', models.CharField(choices=[('measure', 'Accountability measure'), ('redress', 'Redress')], max_length=7)),
                ('kind', models.CharField(choices=[('warning', 'Warning to a person'), ('discipline', 'Discipline of a person'), ('training', 'Training'), ('stop_order', 'Order to the agency to stop'), ('penalty', 'Contract penalty for the agency'), ('suspension', 'Suspension of the agency'), ('termination', 'End of the agency’s contract'), ('process', 'Change of process or system'), ('stopped', 'Contact stopped'), ('apology', 'Apology'), ('deletion', 'Data deleted'), ('correction', 'Record corrected'), ('refund', 'Refund'), ('compensation', 'Compensation'), ('plan', 'Repayment plan'), ('other', 'Something else')], max_length=12)),
                ('what', models.TextField()),
                ('owner', models.CharField(max_length=200)),
                ('due_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, choices=[('CNY', 'yuan (CNY)'), ('USD', 'US dollars (USD)'), ('EUR', 'euros (EUR)'), ('GBP', 'pounds (GBP)'), ('HKD', 'Hong Kong dollars (HKD)'), ('INR', 'rupees (INR)')], default='', max_length=3)),
                ('borrower_may_know', models.BooleanField(default=True)),
                ('ordered_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('', 'open'), ('done', 'done'), ('dropped', 'will not be done')], default='', max_length=7)),
                ('proof', models.TextField(blank=True, default='')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('ending', models.BinaryField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='consent',
            name='consent_recipient_is_known',
        ),
        migrations.AddField(
            model_name='finding',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='finding',
            name='missing',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='finding',
            name='missing_from',
            field=models.CharField(blank=True, choices=[('borrower', 'The borrower'), ('lender', 'The lender'), ('agency', 'The collection agency'), ('platform', 'The platform'), ('nobody', 'Nobody could')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='review',
            name='decided_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='review',
            name='result',
            field=models.CharField(blank=True, choices=[('kept', 'found as before'), ('changed', 'found otherwise than before')], default='', max_length=7),
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('filed', 'Filed, waiting to be assigned'), ('routed', 'With a team'), ('investigating', 'Being investigated'), ('proposed', 'Proposed, a second person looks'), ('decided', 'Decided, reply being written'), ('replied', 'Answered'), ('closed', 'Closed')], default='filed', max_length=15, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='consent',
            name='recipient',
            field=models.CharField(choices=[('lender', 'The lender'), ('platform', 'The platform'), ('agency', 'The collection agency'), ('legal_aid', 'Legal aid'), ('regulator', 'A regulator'), ('police', 'The police')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'routed', 'investigating', 'proposed', 'decided', 'replied', 'closed'])), name='case_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ['lender', 'platform', 'agency', 'legal_aid', 'regulator', 'police'])), name='consent_recipient_is_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('found_by')), _negated=True), name='finding_is_confirmed_by_somebody_else'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referral',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='referral',
            name='referred_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='undertaking',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='undertakings', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='undertaking',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='undertaking',
            name='ordered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='undertaking',
            name='proof_exhibit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.exhibit'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('case', 'round'), name='one_open_proposal_a_round'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('settled_by', None), models.Q(('settled_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_is_settled_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='proposal_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='referral_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('to__in', ['regulator', 'police'])), name='referral_goes_to_an_authority'),
        ),
        migrations.AddIndex(
            model_name='undertaking',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['due_on'], name='undertaking_open_by_day'),
        ),
        migrations.AddConstraint(
            model_name='undertaking',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='undertaking_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='undertaking',
            constraint=models.CheckConstraint(condition=models.Q(('sort__in', ['measure', 'redress'])), name='undertaking_sort_is_known'),
        ),
        migrations.AddConstraint(
            model_name='undertaking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='undertaking_ends_with_a_proof'),
        ),
        migrations.AddConstraint(
            model_name='undertaking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('currency', '')), models.Q(('amount__gt', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='undertaking_amount_has_a_currency'),
        ),
    ]
