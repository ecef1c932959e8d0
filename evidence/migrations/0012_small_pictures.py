from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', "0011_previews_of_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name='derivative',
            name='kind',
            field=models.CharField(choices=[('sound', 'Playable copy'), ('waveform', 'Waveform'), ('picture', 'Preview'), ('page', 'Page'), ('video', 'Playable copy'), ('poster', 'Still picture'), ('transcript', 'Transcript'), ('text', 'Text'), ('table', 'Table'), ('small', 'Small picture')], max_length=10),
        ),
    ]
