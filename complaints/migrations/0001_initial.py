import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('evidence', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('answers', models.JSONField(default=dict)),
                ('language', models.CharField(default='en', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('expires_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
            },
        ),
        migrations.CreateModel(
            name='StaffMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('role', models.CharField(blank=True, choices=[('investigator', 'Investigator'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], default='', max_length=20, verbose_name='role')),
                ('languages', models.JSONField(default=list, verbose_name='languages')),
                ('on_duty', models.BooleanField(default=True, verbose_name='on duty')),
                ('capacity', models.PositiveSmallIntegerField(default=60, verbose_name='capacity')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('teams', models.ManyToManyField(blank=True, related_name='members', to='complaints.team', verbose_name='teams')),
            ],
            options={
                'verbose_name': 'staff member',
                'verbose_name_plural': 'staff',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('state', models.CharField(choices=[('filed', 'Filed, waiting to be assigned'), ('routed', 'With a team'), ('investigating', 'Being investigated'), ('decided', 'Decided, reply being written'), ('replied', 'Answered'), ('closed', 'Closed')], default='filed', max_length=15, verbose_name='state')),
                ('severity', models.SmallIntegerField(choices=[(1, 'Normal'), (2, 'High'), (3, 'Urgent')], verbose_name='severity')),
                ('filed_at', models.DateTimeField(verbose_name='filed')),
                ('decide_by', models.DateTimeField(verbose_name='decide by')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('receipt', models.BinaryField()),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='investigator')),
                ('draft', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='case', to='complaints.draft')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='complaints.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
            },
        ),
        migrations.CreateModel(
            name='Exhibit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('description', models.CharField(blank=True, max_length=500, verbose_name='what it shows')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='complaints.case')),
                ('draft', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='exhibits', to='complaints.draft')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exhibit', to='evidence.evidenceitem')),
            ],
            options={
                'ordering': ['number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('allegation', models.CharField(max_length=10, verbose_name='allegation')),
                ('outcome', models.CharField(choices=[('substantiated', 'Substantiated'), ('partly', 'Partly substantiated'), ('not', 'Not substantiated'), ('insufficient', 'Insufficient evidence'), ('out_of_scope', 'Out of scope')], max_length=15, verbose_name='finding')),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('found_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='complaints.case')),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('relied_on', models.ManyToManyField(blank=True, related_name='+', to='complaints.exhibit', verbose_name='exhibits relied on')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField(verbose_name='text')),
                ('written_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='complaints.case')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['written_at'],
            },
        ),
        migrations.CreateModel(
            name='Reporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('phone', models.CharField(blank=True, max_length=50, verbose_name='phone')),
                ('email', models.CharField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_note', models.CharField(blank=True, max_length=500, verbose_name='when and how it is safe to reach you')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reporter', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(unique=True, verbose_name='order')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('conduct', models.JSONField(blank=True, default=list, verbose_name='any of these conduct kinds')),
                ('min_severity', models.SmallIntegerField(blank=True, choices=[(1, 'Normal'), (2, 'High'), (3, 'Urgent')], null=True, verbose_name='severity at least')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='lender, platform or agency contains')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='complaints.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'routing rule',
                'verbose_name_plural': 'routing rules',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Routing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_version', models.PositiveIntegerField(null=True)),
                ('candidates', models.JSONField(default=list)),
                ('reason', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routings', to='complaints.case')),
                ('investigator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='complaints.routingrule')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='complaints.team')),
            ],
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('lender', models.CharField(blank=True, max_length=200, verbose_name='lender')),
                ('platform', models.CharField(blank=True, max_length=200, verbose_name='platform')),
                ('agency', models.CharField(blank=True, max_length=200, verbose_name='collection agency')),
                ('conduct', models.JSONField(default=list, verbose_name='what they did')),
                ('story', models.TextField(verbose_name='what happened')),
                ('wishes', models.JSONField(default=list, verbose_name='what the borrower wants')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='complaint', to='complaints.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='complaint_sha256_is_64_hex')],
            },
        ),
        migrations.AddConstraint(
            model_name='exhibit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case', None), ('draft__isnull', False), ('number', None)), models.Q(('case__isnull', False), ('draft', None), ('number__isnull', False)), _connector='OR'), name='exhibit_of_a_draft_or_of_a_case'),
        ),
        migrations.AddConstraint(
            model_name='exhibit',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='one_exhibit_a_number'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('case', 'allegation'), name='one_finding_an_allegation'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['substantiated', 'partly', 'not', 'insufficient', 'out_of_scope'])), name='finding_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reporter',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='reporter_sha256_is_64_hex'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', 'decide_by'], name='complaints__state_ffaf86_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['team', 'state', 'decide_by'], name='complaints__team_id_40e896_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['assignee', 'state', 'decide_by'], name='complaints__assigne_5c90a0_idx'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'routed', 'investigating', 'decided', 'replied', 'closed'])), name='case_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'filed'), ('team__isnull', False), _connector='OR'), name='only_a_new_case_has_no_team'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='closed_means_closed_at'),
        ),
        migrations.AddConstraint(
            model_name='staffmember',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['', 'investigator', 'supervisor', 'auditor', 'administrator'])), name='role_is_known'),
        ),
    ]
