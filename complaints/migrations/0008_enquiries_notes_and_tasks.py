
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0007_duty_is_derived'),
        ('evidence', '0007_copies_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=30)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(blank=True, choices=[('', 'waiting'), ('supplied', 'supplied'), ('partly', 'partly supplied'), ('refused', 'refused'), ('missing', 'not supplied')], default='', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=2000)),
            ],
            options={
                'ordering': ['enquiry', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('uid', models.UUIDField(editable=False, unique=True)),
                ('recipient', models.CharField(choices=[('lender', 'The lender'), ('platform', 'The platform'), ('agency', 'The collection agency')], max_length=10, verbose_name='to whom')),
                ('organisation', models.CharField(max_length=200, verbose_name='name')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('way', models.CharField(choices=[('email', 'By e-mail from here, with the link'), ('post', 'By post, with the letter'), ('handed', 'Handed over, or through their own complaint page')], max_length=10, verbose_name='how it is sent')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='their e-mail address')),
                ('portal', models.URLField(max_length=300)),
                ('text', models.TextField(blank=True, verbose_name='what else you ask')),
                ('sent_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('issue', models.PositiveSmallIntegerField(default=1)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('overdue_at', models.DateTimeField(blank=True, null=True)),
                ('news_at', models.DateTimeField(blank=True, null=True)),
                ('mail_at', models.DateTimeField(blank=True, null=True)),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EnquiryAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField(blank=True)),
                ('way', models.CharField(choices=[('portal', 'through the link'), ('post', 'by post'), ('email', 'by e-mail'), ('handed', 'handed over')], default='portal', max_length=10)),
                ('came_on', models.DateField(blank=True, null=True)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['received_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('uid', models.UUIDField(editable=False, unique=True)),
                ('text', models.TextField(verbose_name='note')),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='what is to be done')),
                ('due_on', models.DateField(verbose_name='by when')),
                ('set_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='consent',
            name='consent_recipient_is_known',
        ),
        migrations.AddField(
            model_name='exhibit',
            name='source',
            field=models.CharField(choices=[('borrower', 'The borrower'), ('office', 'The office'), ('respondent', 'The other side')], default='borrower', max_length=10),
        ),
        migrations.AlterField(
            model_name='consent',
            name='recipient',
            field=models.CharField(choices=[('lender', 'The lender'), ('platform', 'The platform'), ('agency', 'The collection agency'), ('legal_aid', 'Legal aid'), ('regulator', 'A regulator')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ['lender', 'platform', 'agency', 'legal_aid', 'regulator'])), name='consent_recipient_is_known'),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='sent_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='asked',
            name='enquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='complaints.enquiry'),
        ),
        migrations.AddField(
            model_name='enquiryanswer',
            name='addition',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiry_answer', to='complaints.draft'),
        ),
        migrations.AddField(
            model_name='enquiryanswer',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiry_answers', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='enquiryanswer',
            name='enquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='complaints.enquiry'),
        ),
        migrations.AddField(
            model_name='enquiryanswer',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exhibit',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='complaints.enquiryanswer'),
        ),
        migrations.AddConstraint(
            model_name='exhibit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', False), ('source', 'respondent')), models.Q(('answer', None), ('source__in', ['borrower', 'office'])), _connector='OR'), name='exhibit_of_the_respondent_came_with_an_answer'),
        ),
        migrations.AddField(
            model_name='note',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='note',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='task',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='enquiry_to_remind'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at'], name='enquiry_to_mail'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('news_at__isnull', False)), fields=['news_at'], name='enquiry_with_news'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='enquiry_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ['lender', 'platform', 'agency'])), name='enquiry_recipient_is_known'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'email'), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='enquiry_by_email_has_an_address'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.UniqueConstraint(fields=('enquiry', 'number'), name='one_thing_asked_a_number'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', 'supplied', 'partly', 'refused', 'missing'])), name='asked_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='enquiryanswer',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='enquiry_answer_sha256_is_64_hex'),
        ),
        migrations.AddConstraint(
            model_name='enquiryanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came_on', None), ('entered_by', None), ('way', 'portal')), models.Q(models.Q(('way', 'portal'), _negated=True), ('came_on__isnull', False), ('entered_by__isnull', False)), _connector='OR'), name='entered_answer_says_who_and_when'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['owner', 'due_on'], name='task_to_do'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='done_task_says_by_whom'),
        ),
    ]
