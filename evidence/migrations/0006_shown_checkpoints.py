import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0005_pinned_roots'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShownCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.CharField(max_length=100)),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.checkpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thread', 'checkpoint'), name='shown_once')],
            },
        ),
    ]
