from portal.models.audit import AuditEntry, AuditLink
from portal.models.files import StoredFile
from portal.models.notifications import Delivery, Notification
from portal.models.outbox import OutboxDelivery, OutboxMessage

__all__ = ["AuditEntry", "AuditLink", "Delivery", "Notification", "OutboxDelivery", "OutboxMessage", "StoredFile"]
