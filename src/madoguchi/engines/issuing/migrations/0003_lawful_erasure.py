"""Let an erasure that is on the log (kernel_erasing) empty what the events of a document say; documents and rows always stay."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION issuing_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'issuing_documentevent' AND TG_OP = 'UPDATE' AND kernel_erasing()
        AND to_jsonb(NEW) - '{reason,actor_ref}'::text[] = to_jsonb(OLD) - '{reason,actor_ref}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'issuing: % is append-only', TG_TABLE_NAME;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION issuing_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'issuing: % is append-only', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("issuing", "0002_guards"), ("kernel", "0004_erasure")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
