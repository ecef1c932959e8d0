from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0011_places_of_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='export',
            name='sender',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['sender'], name='complaints__sender_aba3b9_idx'),
        ),
    ]
