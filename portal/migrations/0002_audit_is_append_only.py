from django.db import migrations

SQL = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the audit trail only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON portal_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON portal_auditlink
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""

REVERSE = "DROP FUNCTION portal_refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_audit_outbox_files_notifications")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
