"""The catalogue: services, and their definitions as immutable versions."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from services.definitions.schema import Definition


class Category(models.Model):
    """A life event or business event under which people look for services."""

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=False)
    name_sw = models.CharField(_("name in Swahili"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_sw


class Service(models.Model):
    """One entry of the catalogue. Its title, fields and fee are those of its current version."""

    class Audience(models.TextChoices):
        G2C = "G2C", _("Citizens")
        G2B = "G2B", _("Businesses")
        G2E = "G2E", _("Public servants")
        G2G = "G2G", _("Institutions")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    audience = models.CharField(_("audience"), max_length=3, choices=Audience)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="services", verbose_name=_("event"))
    institution = models.ForeignKey(
        "accounts.Institution",
        on_delete=models.PROTECT,
        related_name="services",
        verbose_name=_("institution"),
    )
    current_version = models.OneToOneField(
        "services.ServiceVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("current version"),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    search_title = models.TextField(_("titles for search"), blank=True, editable=False)
    search_text = models.TextField(_("words for search"), blank=True, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["slug"]
        indexes = [GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="service_search_trgm")]

    def __str__(self) -> str:
        return self.title

    @property
    def definition(self) -> Definition:
        return definition_of(self.current_version_id)

    @property
    def title(self) -> str:
        return self.definition.title.in_language(translation.get_language()) if self.current_version_id else self.slug

    @property
    def summary(self) -> str:
        return self.definition.summary.in_language(translation.get_language())

    @property
    def is_open(self) -> bool:
        return self.retired_at is None and self.current_version_id is not None


class ServiceVersion(models.Model):
    """A published definition. The database refuses to change or delete it: applications stay on theirs."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions", verbose_name=_("service"))
    number = models.PositiveIntegerField(_("number"))
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(_("definition"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        "accounts.Person",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("service version")
        verbose_name_plural = _("service versions")
        ordering = ["service", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="service_version_number_once"),
            models.UniqueConstraint(fields=["service", "sha256"], name="service_version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.number}"

    @property
    def definition(self) -> Definition:
        return definition_of(self.pk)


_parsed: dict[int, Definition] = {}


def definition_of(version_pk: int) -> Definition:
    """The definition of a version, read and parsed once a process: published versions never change."""
    if version_pk not in _parsed:
        content = ServiceVersion.objects.values_list("content", flat=True).get(pk=version_pk)
        _parsed[version_pk] = Definition.model_validate(content)
    return _parsed[version_pk]
