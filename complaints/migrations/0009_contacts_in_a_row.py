from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0008_file_now'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='times',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='contact',
            name='until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), models.Q(('at__isnull', False), ('times__gt', 1), ('until__gte', models.F('at'))), _connector='OR'), name='contacts_in_a_row_end_after_they_begin'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('times__gte', 1)), name='contact_happened'),
        ),
    ]
