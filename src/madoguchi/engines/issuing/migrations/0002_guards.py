"""Guards: a document and its events are only added."""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION issuing_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'issuing: % is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER issuing_document_append_only BEFORE UPDATE OR DELETE ON issuing_issueddocument
    FOR EACH ROW EXECUTE FUNCTION issuing_append_only();
CREATE TRIGGER issuing_event_append_only BEFORE UPDATE OR DELETE ON issuing_documentevent
    FOR EACH ROW EXECUTE FUNCTION issuing_append_only();
"""

DROP = """
DROP TRIGGER issuing_event_append_only ON issuing_documentevent;
DROP TRIGGER issuing_document_append_only ON issuing_issueddocument;
DROP FUNCTION issuing_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("issuing", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
