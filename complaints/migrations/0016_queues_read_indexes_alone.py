from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0001_all_so_far'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_with_news',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_waiting',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_opened_again',
        ),
        migrations.RemoveIndex(
            model_name='enquiry',
            name='enquiry_with_news',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('news_at__isnull', False)), fields=['news_at', 'team'], name='case_with_news'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), ('waiting_since__isnull', False)), fields=['waiting_since', 'team'], name='case_waiting'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), ('round__gt', 1)), fields=['round', 'team'], name='case_opened_again'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('news_at__isnull', False)), fields=['news_at', 'case'], name='enquiry_with_news'),
        ),
    ]
