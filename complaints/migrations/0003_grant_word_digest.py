from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0002_counted_bytes'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='word_digest',
            field=models.CharField(blank=True, db_index=True, default='', max_length=64),
        ),
    ]
