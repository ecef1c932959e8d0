from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0013_places_of_files'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='evidenceitem',
            index=models.Index(fields=['sender'], name='evidence_ev_sender_89885e_idx'),
        ),
    ]
