"""Make the erasure log and ``kernel_erasing()``, which the triggers of immutable tables ask.

It is true only inside a transaction that has itself written a row of the log and named it; the row cannot be changed or deleted
afterwards. So nothing immutable ever goes without a record of which, how many, by whom and under which rule.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION kernel_erasure_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xact := pg_current_xact_id()::text;
    RETURN NEW;
END $$;
CREATE TRIGGER kernel_erasure_stamp BEFORE INSERT ON kernel_erasure
    FOR EACH ROW EXECUTE FUNCTION kernel_erasure_stamp();
CREATE FUNCTION kernel_erasure_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.xact = pg_current_xact_id()::text
        AND to_jsonb(NEW) - 'counts' = to_jsonb(OLD) - 'counts' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'kernel: the erasure log is append-only';
END $$;
CREATE TRIGGER kernel_erasure_keep BEFORE UPDATE OR DELETE ON kernel_erasure
    FOR EACH ROW EXECUTE FUNCTION kernel_erasure_keep();
CREATE FUNCTION kernel_erasing() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM kernel_erasure
        WHERE id::text = current_setting('madoguchi.erasure', true) AND xact = pg_current_xact_id()::text
    )
$$;
"""

BACKWARD = """
DROP FUNCTION kernel_erasing;
DROP TRIGGER kernel_erasure_keep ON kernel_erasure;
DROP FUNCTION kernel_erasure_keep;
DROP TRIGGER kernel_erasure_stamp ON kernel_erasure;
DROP FUNCTION kernel_erasure_stamp;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_item_origin'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True, verbose_name='日時')),
                ('actor_ref', models.CharField(max_length=100, verbose_name='行為者')),
                ('subject', models.CharField(max_length=100, verbose_name='対象')),
                ('scope', models.CharField(max_length=40, verbose_name='範囲')),
                ('how', models.CharField(max_length=10, verbose_name='方法')),
                ('reason', models.CharField(max_length=40, verbose_name='理由')),
                ('rule', models.CharField(blank=True, default='', max_length=200, verbose_name='根拠の規則')),
                ('counts', models.JSONField(default=dict, verbose_name='件数')),
                ('xact', models.CharField(blank=True, default='', max_length=30)),
            ],
            options={
                'verbose_name': '消去の記録',
                'verbose_name_plural': '消去の記録',
                'indexes': [models.Index(fields=['subject', 'scope'], name='kernel_erasure_subject')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
