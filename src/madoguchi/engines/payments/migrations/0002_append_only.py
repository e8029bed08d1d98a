"""Guards that keep the ledger as it was: lines and events are only added, amounts and keys of payments and refunds never change."""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION payments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payments: % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER payments_line_append_only BEFORE UPDATE OR DELETE ON payments_chargeline
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_event_append_only BEFORE UPDATE OR DELETE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_refund_event_append_only BEFORE UPDATE OR DELETE ON payments_refundevent
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_charge_kept BEFORE DELETE ON payments_charge
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_payment_kept BEFORE DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER payments_refund_kept BEFORE DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();

CREATE FUNCTION payments_keep_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payments: the amount of % never changes', TG_TABLE_NAME;
END $$;
CREATE TRIGGER payments_payment_amount BEFORE UPDATE ON payments_payment FOR EACH ROW
    WHEN (OLD.amount_yen <> NEW.amount_yen OR OLD.charge_id <> NEW.charge_id OR OLD.key <> NEW.key
          OR OLD.provider <> NEW.provider OR (OLD.state = 'paid' AND NEW.state <> 'paid'))
    EXECUTE FUNCTION payments_keep_amount();
CREATE TRIGGER payments_refund_amount BEFORE UPDATE ON payments_refund FOR EACH ROW
    WHEN (OLD.amount_yen <> NEW.amount_yen OR OLD.payment_id <> NEW.payment_id
          OR (OLD.state = 'done' AND NEW.state <> 'done'))
    EXECUTE FUNCTION payments_keep_amount();
"""

DROP = """
DROP TRIGGER payments_refund_amount ON payments_refund;
DROP TRIGGER payments_payment_amount ON payments_payment;
DROP FUNCTION payments_keep_amount;
DROP TRIGGER payments_refund_kept ON payments_refund;
DROP TRIGGER payments_payment_kept ON payments_payment;
DROP TRIGGER payments_charge_kept ON payments_charge;
DROP TRIGGER payments_refund_event_append_only ON payments_refundevent;
DROP TRIGGER payments_event_append_only ON payments_paymentevent;
DROP TRIGGER payments_line_append_only ON payments_chargeline;
DROP FUNCTION payments_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
