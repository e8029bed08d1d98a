"""Receipt numbers given by the database, and the guards that keep history as it was.

The number is completed at insert so that opening a case costs one statement; its form and check digit (Damm) are those of
``kernel.ids.receipt_number``, and a test compares the two. A number that is already there is kept.
"""

from django.db import migrations

CREATE = r"""
CREATE SEQUENCE casework_serial AS bigint MAXVALUE 9999999;

CREATE FUNCTION casework_receipt_number(fiscal_year integer, serial bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    damm CONSTANT text := '0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790';
    digits text := lpad((fiscal_year - 2018)::text, 2, '0') || lpad(serial::text, 7, '0');
    interim integer := 0;
BEGIN
    FOR place IN 1..length(digits) LOOP
        interim := substr(damm, interim * 10 + substr(digits, place, 1)::integer + 1, 1)::integer;
    END LOOP;
    RETURN 'R' || substr(digits, 1, 2) || '-' || substr(digits, 3) || '-' || interim;
END $$;

CREATE FUNCTION casework_number_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number = '' THEN
        NEW.number := casework_receipt_number(NEW.fiscal_year, nextval('casework_serial'));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_number BEFORE INSERT ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_number_case();

CREATE FUNCTION casework_keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'casework: the receipt number, the time of receipt and the submission of a case never change';
END $$;
CREATE TRIGGER casework_keep_receipt BEFORE UPDATE ON casework_case FOR EACH ROW
    WHEN (OLD.number IS DISTINCT FROM NEW.number OR OLD.received_at IS DISTINCT FROM NEW.received_at
          OR OLD.received_on IS DISTINCT FROM NEW.received_on OR OLD.submission_id IS DISTINCT FROM NEW.submission_id)
    EXECUTE FUNCTION casework_keep_receipt();

CREATE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'casework: % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER casework_event_append_only BEFORE UPDATE OR DELETE ON casework_caseevent
    FOR EACH ROW EXECUTE FUNCTION casework_append_only();
CREATE TRIGGER casework_workflow_append_only BEFORE UPDATE OR DELETE ON casework_workflowversion
    FOR EACH ROW EXECUTE FUNCTION casework_append_only();
"""

DROP = """
DROP TRIGGER casework_workflow_append_only ON casework_workflowversion;
DROP TRIGGER casework_event_append_only ON casework_caseevent;
DROP TRIGGER casework_keep_receipt ON casework_case;
DROP TRIGGER casework_number ON casework_case;
DROP FUNCTION casework_append_only, casework_keep_receipt, casework_number_case, casework_receipt_number;
DROP SEQUENCE casework_serial;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
