from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0010_last_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidenceitem',
            name='sender',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.DeleteModel(
            name='FirstLook',
        ),
    ]
