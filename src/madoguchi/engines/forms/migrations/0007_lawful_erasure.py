"""Let an erasure that is on the log (kernel_erasing) empty submissions and hands; nothing else may change them."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION forms_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME <> 'forms_formversion' AND kernel_erasing() AND (
        TG_OP = 'DELETE'
        OR to_jsonb(NEW) - '{answers,normalised,owner_ref,mandate,actor_name}'::text[]
         = to_jsonb(OLD) - '{answers,normalised,owner_ref,mandate,actor_name}'::text[]
    ) THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'forms: % is immutable', TG_TABLE_NAME;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION forms_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'forms: % is immutable', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0006_prefill"), ("kernel", "0004_erasure")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
