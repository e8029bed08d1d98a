"""Messages between applicant and section: append-only; an erasure may empty the words, nothing else may change."""

import django.db.models.deletion
from django.db import migrations, models


GUARD = """
CREATE TRIGGER casework_message_append_only BEFORE DELETE ON casework_casemessage
    FOR EACH ROW EXECUTE FUNCTION casework_append_only();
CREATE TRIGGER casework_message_keep BEFORE UPDATE ON casework_casemessage FOR EACH ROW
    WHEN (NEW.body <> '' OR NEW.case_id <> OLD.case_id OR NEW.side <> OLD.side OR NEW.at <> OLD.at
          OR NEW.author_ref <> OLD.author_ref)
    EXECUTE FUNCTION casework_append_only();
"""
UNGUARD = """
DROP TRIGGER casework_message_keep ON casework_casemessage;
DROP TRIGGER casework_message_append_only ON casework_casemessage;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0003_correction_reminders'),
        ('forms', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('resident', '申請者'), ('section', '担当課')], max_length=10)),
                ('body', models.TextField(verbose_name='本文')),
                ('at', models.DateTimeField()),
                ('author_ref', models.CharField(max_length=80)),
                ('author_name', models.CharField(blank=True, default='', max_length=150)),
            ],
            options={
                'verbose_name': 'やりとり',
                'verbose_name_plural': 'やりとり',
                'ordering': ['case_id', 'at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='reply_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='返事待ちの始まり'),
        ),
        migrations.AddField(
            model_name='case',
            name='resident_read_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='申請者がやりとりを読んだ日時'),
        ),
        migrations.AddField(
            model_name='case',
            name='section_read_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='担当課がやりとりを読んだ日時'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('reply_since__isnull', False)), fields=['section', 'received_at', 'id'], name='casework_reply_section_age'),
        ),
        migrations.AddField(
            model_name='casemessage',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='casework.case'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
