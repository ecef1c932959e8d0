from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0006_shown_checkpoints'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='evidenceitem',
            name='item_fault_is_known',
        ),
        migrations.AddField(
            model_name='derivative',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='derivative',
            name='fault',
            field=models.CharField(blank=True, choices=[('', 'none'), ('missing', 'missing from storage'), ('altered', 'altered in storage'), ('unreadable', 'unreadable in storage')], default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='evidenceitem',
            name='fault',
            field=models.CharField(blank=True, choices=[('', 'none'), ('missing', 'missing from storage'), ('altered', 'altered in storage'), ('unreadable', 'unreadable in storage')], default='', max_length=10),
        ),
        migrations.AddIndex(
            model_name='derivative',
            index=models.Index(fields=['checked_at'], name='evidence_de_checked_92e717_idx'),
        ),
        migrations.AddConstraint(
            model_name='derivative',
            constraint=models.CheckConstraint(condition=models.Q(('fault__in', ['', 'missing', 'altered', 'unreadable'])), name='derivative_fault_is_known'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('fault__in', ['', 'missing', 'altered', 'unreadable'])), name='item_fault_is_known'),
        ),
    ]
