"""Make the audit log: table, end mark, chain trigger, refusal of every change.

The model is unmanaged, so that emptying the managed tables (Django's `flush`) leaves the log alone.
"""

from django.db import migrations, models

FORWARD = """
CREATE TABLE kernel_auditentry (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_ref varchar(100) NOT NULL,
    action varchar(100) NOT NULL,
    subject varchar(200) NOT NULL,
    payload text NOT NULL,
    prev_hash char(64) NOT NULL,
    hash char(64) NOT NULL UNIQUE
);
CREATE INDEX kernel_auditentry_subject ON kernel_auditentry (subject, id);
CREATE INDEX kernel_auditentry_actor ON kernel_auditentry (actor_ref, id);
CREATE INDEX kernel_auditentry_at ON kernel_auditentry (at);

CREATE TABLE kernel_audithead (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    count bigint NOT NULL,
    hash char(64) NOT NULL
);
INSERT INTO kernel_audithead (count, hash) VALUES (0, repeat('0', 64));

CREATE FUNCTION kernel_netstring(part text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT octet_length(convert_to(part, 'UTF8')) || ':' || part || ','
$$;

-- Within a transaction the end of the chain is carried in a transaction-local setting, and the end mark is written once,
-- when the transaction commits: thousands of entries in one transaction cost no more each than a few.
CREATE FUNCTION kernel_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    carried text := current_setting('madoguchi.audit_end', true);
BEGIN
    IF coalesce(carried, '') = '' THEN
        -- One writer at a time until its transaction ends; the number names this lock, it is no key of any row.
        PERFORM pg_advisory_xact_lock(726173);
        SELECT count + 1, hash INTO STRICT NEW.id, NEW.prev_hash FROM kernel_audithead;
    ELSE
        NEW.id := split_part(carried, ':', 1)::bigint + 1;
        NEW.prev_hash := split_part(carried, ':', 2);
    END IF;
    NEW.hash := encode(sha256(convert_to(
        kernel_netstring(NEW.prev_hash)
        || kernel_netstring(NEW.id::text)
        || kernel_netstring(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || kernel_netstring(NEW.actor_ref)
        || kernel_netstring(NEW.action)
        || kernel_netstring(NEW.subject)
        || kernel_netstring(NEW.payload), 'UTF8')), 'hex');
    PERFORM set_config('madoguchi.audit_end', NEW.id || ':' || NEW.hash, true);
    RETURN NEW;
END
$$;
CREATE TRIGGER kernel_audit_chain BEFORE INSERT ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_chain();

CREATE FUNCTION kernel_audit_mark_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('madoguchi.audit_end', true) = NEW.id || ':' || NEW.hash THEN
        UPDATE kernel_audithead SET count = NEW.id, hash = NEW.hash;
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER kernel_audit_mark_end AFTER INSERT ON kernel_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel_audit_mark_end();

CREATE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER kernel_audit_refuse_change BEFORE UPDATE OR DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_audit_refuse_truncate BEFORE TRUNCATE ON kernel_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_audit_refuse_head_change BEFORE INSERT OR UPDATE OR DELETE ON kernel_audithead
    FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_audit_refuse_head_truncate BEFORE TRUNCATE ON kernel_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
"""

BACKWARD = """
DROP TABLE kernel_auditentry;
DROP TABLE kernel_audithead;
DROP FUNCTION kernel_audit_chain();
DROP FUNCTION kernel_audit_mark_end();
DROP FUNCTION kernel_audit_refuse();
DROP FUNCTION kernel_netstring(text);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("actor_ref", models.CharField(max_length=100, verbose_name="行為者")),
                ("action", models.CharField(max_length=100, verbose_name="行為")),
                ("subject", models.CharField(max_length=200, verbose_name="対象")),
                ("payload", models.TextField(verbose_name="内容")),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "監査記録",
                "verbose_name_plural": "監査記録",
                "ordering": ["id"],
                "managed": False,
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
