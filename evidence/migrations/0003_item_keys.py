from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemKey',
            fields=[
                ('file', models.UUIDField(primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField(max_length=60)),
                ('master', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['master'], name='evidence_it_master_c2ce99_idx'), models.Index(fields=['made_at'], name='evidence_it_made_at_e55aab_idx')],
            },
        ),
    ]
