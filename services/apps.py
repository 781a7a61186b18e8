from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = _("Services and applications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Tasks too: actions call them by name, which must be known in every process.
        from services import handlers, tasks, verbs  # noqa: F401
