import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0003_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(editable=False, unique=True)),
                ('danger', models.BooleanField(default=False)),
                ('self_harm', models.BooleanField(default=False)),
                ('channel', models.CharField(choices=[('phone', 'Phone'), ('wechat', 'WeChat'), ('other', 'Another way')], max_length=10, verbose_name='safe channel')),
                ('reach', models.CharField(max_length=200, verbose_name='number or name there')),
                ('safe_times', models.CharField(blank=True, max_length=300, verbose_name='when it is safe')),
                ('say', models.CharField(blank=True, max_length=500, verbose_name='what may be said')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('spoken', 'Spoke with them'), ('emergency', 'Called the police or an ambulance'), ('unreached', 'Tried several times, and nobody answered'), ('unsafe', 'It was not safe to call'), ('withdrawn', 'They took it back')], max_length=10)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'call-back',
                'verbose_name_plural': 'call-backs',
                'indexes': [models.Index(fields=['done_at', 'due_at'], name='complaints__done_at_848a3b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('outcome', '')), models.Q(('done_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='done_call_back_has_an_outcome')],
            },
        ),
    ]
