"""Published versions and submissions never change: the database refuses it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION forms_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'forms: % is immutable', TG_TABLE_NAME;
END $$;
CREATE TRIGGER forms_version_immutable BEFORE UPDATE OR DELETE ON forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_immutable();
CREATE TRIGGER forms_submission_immutable BEFORE UPDATE ON forms_submission
    FOR EACH ROW EXECUTE FUNCTION forms_immutable();
"""

DROP = """
DROP TRIGGER forms_submission_immutable ON forms_submission;
DROP TRIGGER forms_version_immutable ON forms_formversion;
DROP FUNCTION forms_immutable;
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
