from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0009_contacts_in_a_row'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='reached',
            field=models.CharField(blank=True, choices=[('self', 'Me'), ('owes', 'The person who owes'), ('spouse', 'Husband, wife or partner'), ('relative', 'Another relative'), ('friend', 'A friend or neighbour'), ('colleague', 'A workmate'), ('employer', 'The employer'), ('guarantor', 'A guarantor'), ('other', 'Somebody else')], max_length=10),
        ),
    ]
