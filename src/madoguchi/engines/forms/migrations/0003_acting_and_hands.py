"""Who acts for whom, and through whose hands a draft went."""

from django.db import migrations, models

CREATE = """
CREATE TRIGGER forms_hand_immutable BEFORE UPDATE ON forms_drafthand
    FOR EACH ROW EXECUTE FUNCTION forms_immutable();
"""
DROP = "DROP TRIGGER forms_hand_immutable ON forms_drafthand;"


class Migration(migrations.Migration):

    dependencies = [
        ('forms', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft_id', models.UUIDField(db_index=True)),
                ('channel', models.CharField(max_length=20)),
                ('actor_ref', models.CharField(max_length=80)),
                ('actor_name', models.CharField(blank=True, default='', max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '下書きの受け渡し',
                'verbose_name_plural': '下書きの受け渡し',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='draft',
            name='holder_ref',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='draft',
            name='mandate',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='submission',
            name='mandate',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
