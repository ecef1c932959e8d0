from datetime import timedelta
from itertools import islice

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WINDOW = timedelta(days=30)  # in which a review could be asked for, before clocks were data


def start_clocks(apps, schema_editor):
    """Cases from before: those without a reply wait for it as they were promised, the others can be reviewed."""
    Case, Clock = apps.get_model("complaints", "Case"), apps.get_model("complaints", "Clock")
    waiting = Case.objects.exclude(state__in=["replied", "closed"])
    decide = (
        Clock(
            case=case, name="decide", round=case.round, started_at=case.filed_at,
            due_at=case.decide_by, wake_at=case.decide_by,
        )
        for case in waiting.iterator()
    )
    answered = Case.objects.filter(state__in=["replied", "closed"], withdrawn=False, replied_at__isnull=False)
    window = (
        Clock(
            case=case, name="review_window", round=case.round, started_at=case.replied_at,
            due_at=case.replied_at + WINDOW,
        )
        for case in answered.iterator()
    )
    withdrawing = Case.objects.filter(withdraw_at__isnull=False)
    withdrawal = (
        Clock(
            case=case, name="withdrawal", round=case.round, started_at=case.withdraw_at - timedelta(hours=72),
            due_at=case.withdraw_at,
        )
        for case in withdrawing.iterator()
    )
    for clocks in (decide, window, withdrawal):
        while some := list(islice(clocks, 1000)):
            Clock.objects.bulk_create(some)


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0011_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20)),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('book', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(default=0)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('started_at', models.DateTimeField(verbose_name='since')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('paused_since', models.DateTimeField(blank=True, null=True)),
                ('paused_seconds', models.PositiveIntegerField(default=0)),
                ('extended', models.PositiveSmallIntegerField(default=0)),
                ('met_at', models.DateTimeField(blank=True, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('wake_at', models.DateTimeField(blank=True, null=True)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('overdue_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='complaints.case')),
            ],
            options={
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('category', models.CharField(max_length=20)),
                ('reasons', models.TextField(verbose_name='why')),
                ('asked_at', models.DateTimeField()),
                ('due_before', models.DateTimeField()),
                ('due_after', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting'), ('approved', 'approved'), ('declined', 'declined')], default='', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reasons', models.TextField(blank=True)),
                ('decision', models.BinaryField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='complaints.case')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='complaints.clock')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('wake_at__isnull', False)), fields=['wake_at'], name='clock_to_wake'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('met_at', None), ('stopped_at', None), ('overdue_at__isnull', False)), fields=['due_at'], name='clock_that_is_late'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('met_at', None), ('stopped_at', None), ('overdue_at', None), ('warned_at__isnull', False)), fields=['due_at'], name='clock_that_is_due_soon'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('met_at', None), ('stopped_at', None)), fields=('case', 'name'), name='one_running_clock_a_name'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('met_at', None), ('stopped_at', None), _connector='OR'), name='clock_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('met_at', None), ('stopped_at', None)), ('wake_at', None), _connector='OR'), name='clock_that_ended_is_silent'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('clock',), name='one_open_extension_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='extension_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='extension_is_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_extends_for_themselves'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('due_after__gt', models.F('due_before'))), name='extension_reaches_further'),
        ),
        migrations.RunPython(start_clocks, migrations.RunPython.noop, elidable=True),
    ]
