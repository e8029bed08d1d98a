"""Signatures as they were received: rows are only added, until the retention of their application deletes them."""

from django.db import migrations, models

CREATE = """
CREATE FUNCTION identity_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'identity: % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER identity_signature_append_only BEFORE UPDATE ON identity_receivedsignature
    FOR EACH ROW EXECUTE FUNCTION identity_append_only();
"""
DROP = """
DROP TRIGGER identity_signature_append_only ON identity_receivedsignature;
DROP FUNCTION identity_append_only;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0004_methods_and_proofs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceivedSignature',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('draft_id', models.UUIDField(db_index=True)),
                ('content_sha256', models.CharField(max_length=64, verbose_name='署名した内容')),
                ('signature', models.BinaryField(verbose_name='署名')),
                ('certificate', models.TextField(blank=True, default='', verbose_name='証明書')),
                ('serial', models.CharField(blank=True, default='', max_length=64, verbose_name='証明書の番号')),
                ('issuer', models.CharField(blank=True, default='', max_length=300, verbose_name='発行者')),
                ('subject', models.CharField(blank=True, default='', max_length=300, verbose_name='主体者')),
                ('valid_to', models.DateTimeField(blank=True, null=True, verbose_name='証明書の有効期間の満了')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='署名者のいう署名日時')),
                ('verdict', models.CharField(choices=[('good', '確認できた'), ('bad', '正しくない'), ('unconfirmed', '確認できない')], max_length=12, verbose_name='結果')),
                ('reasons', models.JSONField(default=list, verbose_name='理由')),
                ('received_at', models.DateTimeField(verbose_name='受け取った日時')),
                ('actor_ref', models.CharField(max_length=80)),
            ],
            options={
                'verbose_name': '受け取った電子署名',
                'verbose_name_plural': '受け取った電子署名',
                'ordering': ['-received_at', '-id'],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
