import django.db.models.deletion
from django.db import migrations, models


def converted(answers):
    """Answers of the six old steps as those of the new ones; nothing that was written is lost."""
    new = {step: given for step, given in answers.items() if step not in ('story', 'contact')}
    if 'story' in answers:
        conduct, story = answers['story'].get('conduct'), answers['story'].get('story', '')
        if conduct is not None:
            left_open = {} if conduct or not answers['story'].get('unfinished') else {'unfinished': True}
            new.setdefault('conduct', {'conduct': conduct, **left_open})
        new['story'] = {'story': story, **({} if story else {'unfinished': True})}
    if 'contact' in answers:
        new.setdefault('reach', {**answers['contact'], 'channels': [], 'notify': [], 'safe_words': 'neutral'})
    return new


def convert_drafts(apps, schema_editor):
    """What is not filed yet; a filed draft only waits to be forgotten."""
    for draft in apps.get_model('complaints', 'Draft').objects.filter(filed_at=None).iterator():
        new = converted(draft.answers)
        if new != draft.answers:
            draft.answers = new
            draft.save(update_fields=['answers'])


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='court_on',
            field=models.DateField(blank=True, null=True, verbose_name='court date'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='numbers',
            field=models.JSONField(default=list, verbose_name='numbers they called or wrote from'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='relation',
            field=models.CharField(blank=True, choices=[('debtor', 'They say I owe the money'), ('contacted', 'They contacted me about somebody else’s debt'), ('acting', 'I act for somebody else')], default='', max_length=10, verbose_name='who files'),
        ),
        migrations.AddField(
            model_name='exhibit',
            name='declared',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='exhibit',
            name='is_authority',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='reporter',
            name='acting_for',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='files for'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='channels',
            field=models.JSONField(default=list, verbose_name='ways to reach you'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='may_see_name',
            field=models.JSONField(default=list, verbose_name='who may see your name'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='notify',
            field=models.JSONField(default=list, verbose_name='notifications'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='safe_times',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='safe times'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='safe_words',
            field=models.CharField(default='neutral', max_length=20, verbose_name='what may stand in a message'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('precision', models.CharField(blank=True, choices=[('exact', 'exact time'), ('about', 'about that time'), ('day', 'only the day is known')], max_length=10)),
                ('channel', models.CharField(blank=True, choices=[('call', 'Phone call'), ('sms', 'Text message (SMS)'), ('chat', 'Messaging app, such as WeChat'), ('email', 'E-mail'), ('letter', 'Letter or paper'), ('visit', 'Visit'), ('post', 'Post on the internet'), ('other', 'Something else')], max_length=10)),
                ('direction', models.CharField(blank=True, choices=[('in', 'They contacted us'), ('out', 'I contacted them')], max_length=10)),
                ('answered', models.BooleanField(blank=True, null=True)),
                ('speaker', models.CharField(blank=True, choices=[('human', 'A person'), ('robot', 'A machine or a recording')], max_length=10)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('claimed', models.CharField(blank=True, max_length=200)),
                ('reached', models.CharField(blank=True, choices=[('self', 'Me'), ('spouse', 'My husband, wife or partner'), ('relative', 'Another relative'), ('friend', 'A friend or neighbour'), ('colleague', 'A workmate'), ('employer', 'My employer'), ('guarantor', 'A guarantor'), ('other', 'Somebody else')], max_length=10)),
                ('disclosed', models.BooleanField(blank=True, null=True)),
                ('said', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='complaints.case')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('case', 'order'), name='one_contact_a_place'), models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('precision', '')), models.Q(models.Q(('precision', ''), _negated=True), ('at__isnull', False)), _connector='OR'), name='contact_time_has_its_precision')],
            },
        ),
        migrations.RunPython(convert_drafts, migrations.RunPython.noop, elidable=True),
    ]
