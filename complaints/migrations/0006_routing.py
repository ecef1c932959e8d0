import complaints.models.staff
import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def who_is_off_duty_is_absent(apps, schema_editor):
    """Until somebody enters their last day away."""
    absences = apps.get_model("complaints", "Absence").objects
    for member in apps.get_model("complaints", "StaffMember").objects.filter(on_duty=False):
        absences.create(member=member, begins=timezone.localdate())


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0005_talk'),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='region',
            field=models.CharField(blank=True, default='', max_length=6, verbose_name='lives in'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='agency',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='collection agency contains'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='lender',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='lender contains'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='platform',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='platform contains'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='region',
            field=models.JSONField(blank=True, default=list, verbose_name='the borrower lives in one of'),
        ),
        migrations.AddField(
            model_name='team',
            name='closes',
            field=models.TimeField(default=datetime.time(18, 0), verbose_name='closes at'),
        ),
        migrations.AddField(
            model_name='team',
            name='country',
            field=models.CharField(blank=True, default='', max_length=2, verbose_name='country of its holidays'),
        ),
        migrations.AddField(
            model_name='team',
            name='opens',
            field=models.TimeField(default=datetime.time(9, 0), verbose_name='opens at'),
        ),
        migrations.AddField(
            model_name='team',
            name='subdivision',
            field=models.CharField(blank=True, default='', max_length=10, verbose_name='province or state of its holidays'),
        ),
        migrations.AddField(
            model_name='team',
            name='weekdays',
            field=models.JSONField(default=complaints.models.staff.monday_to_friday, verbose_name='working days'),
        ),
        migrations.AddField(
            model_name='team',
            name='zone',
            field=models.CharField(default=complaints.models.staff.own_zone, max_length=50, verbose_name='time zone'),
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('organisation', 'a lender, platform or agency'), ('collector', 'a collector, by name or number'), ('borrower', 'a borrower, by name, phone or e-mail'), ('case', 'one case, by its reference')], max_length=12, verbose_name='has to do with')),
                ('name', models.CharField(max_length=200, verbose_name='name or number')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('declared_at', models.DateTimeField(verbose_name='declared')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to=settings.AUTH_USER_MODEL, verbose_name='staff member')),
            ],
            options={
                'verbose_name': 'declared conflict',
                'verbose_name_plural': 'declared conflicts',
                'ordering': ['-declared_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='complaints.case')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
                ('declaration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='complaints.declaration')),
            ],
        ),
        migrations.CreateModel(
            name='Reassignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassignments', to='complaints.case')),
                ('investigator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='complaints.team')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins', models.DateField(verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until and including')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='staff member')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['-begins', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('begins')), _connector='OR'), name='absence_ends_after_it_begins')],
            },
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='declaration_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['organisation', 'collector', 'borrower', 'case'])), name='declaration_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='ended_declaration_was_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('member', 'case', 'declaration'), name='one_conflict_a_declaration'),
        ),
        migrations.AddConstraint(
            model_name='reassignment',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='reassignment_sha256_is_64_hex'),
        ),
        migrations.RunPython(who_is_off_duty_is_absent, migrations.RunPython.noop, elidable=True),
    ]
