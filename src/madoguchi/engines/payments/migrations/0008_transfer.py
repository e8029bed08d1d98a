"""Transfers, what a refund was decided instead of, and refunds that come back after they were done."""

import django.db.models.deletion
from django.db import migrations, models

LINK = """
UPDATE payments_refund n SET follows_id = (
    SELECT f.id FROM payments_refund f JOIN payments_payment p ON p.id = f.payment_id
    WHERE p.charge_id = (SELECT charge_id FROM payments_payment WHERE id = n.payment_id)
        AND f.state = 'refused' AND f.asked_at < n.asked_at
    ORDER BY f.asked_at DESC LIMIT 1)
"""
"""Until now nothing said which refund was a further try."""

GUARDS = """
CREATE TRIGGER payments_transfer_append_only BEFORE UPDATE OR DELETE ON payments_transfer
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
DROP TRIGGER payments_refund_amount ON payments_refund;
CREATE TRIGGER payments_refund_amount BEFORE UPDATE ON payments_refund FOR EACH ROW
    WHEN (OLD.amount_yen <> NEW.amount_yen OR OLD.payment_id <> NEW.payment_id OR OLD.follows_id <> NEW.follows_id
          OR (OLD.state = 'done' AND NEW.state NOT IN ('done', 'failed')) OR (OLD.state = 'failed' AND NEW.state <> 'failed'))
    EXECUTE FUNCTION payments_keep_amount();
"""

UNGUARD = """
DROP TRIGGER payments_refund_amount ON payments_refund;
CREATE TRIGGER payments_refund_amount BEFORE UPDATE ON payments_refund FOR EACH ROW
    WHEN (OLD.amount_yen <> NEW.amount_yen OR OLD.payment_id <> NEW.payment_id
          OR (OLD.state = 'done' AND NEW.state <> 'done'))
    EXECUTE FUNCTION payments_keep_amount();
DROP TRIGGER payments_transfer_append_only ON payments_transfer;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_exemption_proof'),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='payments.refund', verbose_name='やり直す還付'),
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_number', models.CharField(max_length=40, verbose_name='支出命令番号')),
                ('planned_on', models.DateField(verbose_name='振込予定日')),
                ('reason', models.CharField(max_length=200, verbose_name='振込で返す理由')),
                ('account_case', models.CharField(blank=True, default='', max_length=20, verbose_name='口座を申し出た申請')),
                ('refund', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='transfer', to='payments.refund')),
            ],
            options={
                'verbose_name': '還付の振込',
                'verbose_name_plural': '還付の振込',
            },
        ),
        migrations.RunSQL(LINK, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
