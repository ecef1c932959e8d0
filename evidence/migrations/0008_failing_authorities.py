from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0007_first_look'),
    ]

    operations = [
        migrations.AddField(
            model_name='authoritystate',
            name='failing_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
