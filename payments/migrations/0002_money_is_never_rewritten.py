from django.db import migrations

SQL = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what was asked and what was paid is never rewritten', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER bill_never_deleted BEFORE DELETE ON payments_bill
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER bill_never_rewritten BEFORE UPDATE ON payments_bill
    FOR EACH ROW WHEN (
        (OLD.number, OLD.subject, OLD.institution_id, OLD.payer_id, OLD.payer_organisation_id, OLD.payer_name,
         OLD.description, OLD.currency, OLD.amount, OLD.payment_option, OLD.issued_at)
        IS DISTINCT FROM
        (NEW.number, NEW.subject, NEW.institution_id, NEW.payer_id, NEW.payer_organisation_id, NEW.payer_name,
         NEW.description, NEW.currency, NEW.amount, NEW.payment_option, NEW.issued_at)
        OR NEW.paid_amount < OLD.paid_amount
        OR (OLD.control_number IS NOT NULL AND OLD.control_number IS DISTINCT FROM NEW.control_number)
    ) EXECUTE FUNCTION payments_refuse_change();

CREATE TRIGGER bill_line_never_rewritten BEFORE UPDATE OR DELETE ON payments_billline
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER receipt_never_rewritten BEFORE UPDATE OR DELETE ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();

CREATE TRIGGER suspense_never_deleted BEFORE DELETE ON payments_suspenseentry
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER suspense_never_rewritten BEFORE UPDATE ON payments_suspenseentry
    FOR EACH ROW WHEN (
        (OLD.gateway_receipt, OLD.psp_code, OLD.trx_id, OLD.currency, OLD.amount, OLD.paid_at)
        IS DISTINCT FROM (NEW.gateway_receipt, NEW.psp_code, NEW.trx_id, NEW.currency, NEW.amount, NEW.paid_at)
    ) EXECUTE FUNCTION payments_refuse_change();

CREATE TRIGGER gateway_message_never_deleted BEFORE DELETE ON payments_gatewaymessage
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER gateway_message_never_rewritten BEFORE UPDATE ON payments_gatewaymessage
    FOR EACH ROW WHEN (
        (OLD.direction, OLD.kind, OLD.raw, OLD.verdict, OLD.received_at)
        IS DISTINCT FROM (NEW.direction, NEW.kind, NEW.raw, NEW.verdict, NEW.received_at)
    ) EXECUTE FUNCTION payments_refuse_change();
"""

REVERSE = """
DROP FUNCTION payments_refuse_change() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_bills_and_receipts")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
