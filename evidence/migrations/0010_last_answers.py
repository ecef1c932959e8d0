from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0009_witnesses'),
    ]

    operations = [
        migrations.AddField(
            model_name='witnessstate',
            name='answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
