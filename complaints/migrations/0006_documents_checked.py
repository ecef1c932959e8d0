from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0005_unsent'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='documents_checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='documents_faulty',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['documents_checked_at'], name='complaints__documen_be3c78_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('documents_faulty__gt', 0)), fields=['documents_faulty'], name='case_faulty'),
        ),
    ]
