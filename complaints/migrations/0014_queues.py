
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0013_bundles_handed_over'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('assign', 'Give to an investigator'), ('begin', 'Begin the investigation')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('cancelled', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='BulkStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=15)),
                ('outcome', models.CharField(blank=True, choices=[('', 'to do'), ('done', 'done'), ('skipped', 'skipped')], default='', max_length=10)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('shared', models.BooleanField(default=False, verbose_name='share it with my teams')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Searchable',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='complaints.case')),
                ('text', models.TextField()),
                ('grams', models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='waiting_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('severity'), descending=True), models.F('decide_by'), models.F('id'), condition=models.Q(('closed_at', None)), name='case_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('team'), models.OrderBy(models.F('severity'), descending=True), models.F('decide_by'), models.F('id'), condition=models.Q(('closed_at', None)), name='case_of_team'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('assignee'), models.OrderBy(models.F('severity'), descending=True), models.F('decide_by'), models.F('id'), condition=models.Q(('closed_at', None)), name='case_held'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('severity'), descending=True), models.F('decide_by'), models.F('id'), models.F('team'), condition=models.Q(('closed_at', None), ('assignee', None)), name='case_of_nobody'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('decide_by'), models.F('id'), models.F('state'), models.F('team'), condition=models.Q(('closed_at', None)), name='case_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['waiting_since'], name='case_waiting'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), ('round__gt', 1)), fields=['round'], name='case_opened_again'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('withdraw_at__isnull', False)), fields=['withdraw_at'], name='case_withdrawing'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('id'), descending=True), models.F('team'), condition=models.Q(('closed_at__isnull', False)), name='case_closed'),
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkstep',
            name='assignee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkstep',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='bulkstep',
            name='job',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='complaints.bulkjob'),
        ),
        migrations.AddField(
            model_name='savedqueue',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_queues', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='bulkjob',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['asked_at'], name='bulk_not_ended'),
        ),
        migrations.AddConstraint(
            model_name='bulkjob',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['assign', 'begin'])), name='bulk_action_is_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkjob',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled', False), ('ended_at__isnull', False), _connector='OR'), name='cancelled_means_ended'),
        ),
        migrations.AddConstraint(
            model_name='bulkstep',
            constraint=models.UniqueConstraint(fields=('job', 'case'), name='one_step_a_case'),
        ),
        migrations.AddConstraint(
            model_name='bulkstep',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'done', 'skipped'])), name='bulk_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='savedqueue',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='one_saved_queue_a_name'),
        ),
    ]
