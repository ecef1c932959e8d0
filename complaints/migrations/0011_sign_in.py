import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('complaints', '0010_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeTries',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='code_tries', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('step', models.BigIntegerField(default=0)),
                ('misses', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='staffmember',
            name='asked_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='staffmember',
            name='asked_role',
            field=models.CharField(blank=True, choices=[('investigator', 'Investigator'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], default='', editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name='staffmember',
            name='must_change_password',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='staffmember',
            name='signed_out',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name='staffmember',
            constraint=models.CheckConstraint(condition=models.Q(('asked_role__in', ['', 'investigator', 'supervisor', 'auditor'])), name='asked_role_opens_evidence'),
        ),
        migrations.AddConstraint(
            model_name='staffmember',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('id')), _negated=True), name='asked_by_somebody_else'),
        ),
    ]
