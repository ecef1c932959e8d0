from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0003_grant_word_digest'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='emptied_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='sender',
            field=models.CharField(blank=True, db_index=True, default='', max_length=64),
        ),
    ]
