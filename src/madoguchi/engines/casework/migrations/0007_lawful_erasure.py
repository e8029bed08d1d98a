"""Let an erasure that is on the log (kernel_erasing) remove or empty what is append-only; workflow versions always stay."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME <> 'casework_workflowversion' AND kernel_erasing() AND (
        TG_OP = 'DELETE' OR to_jsonb(NEW) - '{payload,body,author_ref,actor_ref,author_name,actor_name}'::text[]
            = to_jsonb(OLD) - '{payload,body,author_ref,actor_ref,author_name,actor_name}'::text[]
    ) THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'casework: % is append-only', TG_TABLE_NAME;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'casework: % is append-only', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_bundles"), ("kernel", "0004_erasure")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
