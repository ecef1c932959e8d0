from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0006_routing'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='staffmember',
            name='on_duty',
        ),
    ]
