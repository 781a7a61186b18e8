from django.db import migrations

SQL = """
CREATE FUNCTION services_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what was published or submitted stays as it was', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER service_version_immutable BEFORE UPDATE OR DELETE ON services_serviceversion
    FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON services_event
    FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER application_never_deleted BEFORE DELETE ON services_application
    FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER certificate_never_deleted BEFORE DELETE ON services_certificate
    FOR EACH ROW EXECUTE FUNCTION services_refuse_change();
CREATE TRIGGER certificate_content_immutable BEFORE UPDATE ON services_certificate
    FOR EACH ROW WHEN (
        (OLD.number, OLD.application_id, OLD.holder, OLD.content, OLD.issued_at)
        IS DISTINCT FROM (NEW.number, NEW.application_id, NEW.holder, NEW.content, NEW.issued_at)
    ) EXECUTE FUNCTION services_refuse_change();
"""

REVERSE = "DROP FUNCTION services_refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("services", "0001_catalogue_and_applications")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
