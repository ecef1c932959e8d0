import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0004_safety'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='message',
            options={'ordering': ['written_at', 'pk']},
        ),
        migrations.AddField(
            model_name='case',
            name='news_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='adds_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='additions', to='complaints.case'),
        ),
        migrations.AddField(
            model_name='draft',
            name='slot',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='exhibit',
            name='came_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='complaints.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='addition',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='message', to='complaints.draft'),
        ),
        migrations.AddField(
            model_name='message',
            name='answers',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='complaints.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('reply', 'Reply'), ('message', 'Message'), ('question', 'Question'), ('answer', 'Answer'), ('addendum', 'Addendum'), ('evidence', 'More evidence')], default='reply', max_length=10, verbose_name='kind'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='message',
            name='text',
            field=models.TextField(blank=True, verbose_name='text'),
        ),
        migrations.AlterField(
            model_name='message',
            name='written_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('news_at__isnull', False)), fields=['news_at'], name='case_with_news'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('adds_to', None), ('slot', '')), models.Q(('adds_to__isnull', False), models.Q(('slot', ''), _negated=True)), _connector='OR'), name='addition_has_a_slot'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'message'), models.Q(('kind__in', ['reply', 'question']), ('written_by__isnull', False)), models.Q(('kind__in', ['answer', 'addendum', 'evidence']), ('written_by', None)), _connector='OR'), name='message_of_who_can_write_it'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answers__isnull', False), ('kind', 'answer')), models.Q(models.Q(('kind', 'answer'), _negated=True), ('answers', None)), _connector='OR'), name='answer_answers'),
        ),
    ]
