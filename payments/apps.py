from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Bills and payments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Tasks too: actions call them by name, which must be known in every process.
        from payments import tasks, verbs  # noqa: F401
