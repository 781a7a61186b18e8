from services.models.applications import Application, Event
from services.models.catalogue import Category, Service, ServiceVersion
from services.models.certificates import Certificate, Verdict
from services.models.documents import Document
from services.models.tasks import Task

__all__ = [
    "Application",
    "Category",
    "Certificate",
    "Document",
    "Event",
    "Service",
    "ServiceVersion",
    "Task",
    "Verdict",
]
