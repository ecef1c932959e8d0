from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0006_documents_checked'),
    ]

    operations = [
        migrations.AddField(
            model_name='staffmember',
            name='number',
            field=models.CharField(blank=True, default='', help_text='As decisions show it, if they do.', max_length=40, verbose_name='staff number'),
        ),
    ]
