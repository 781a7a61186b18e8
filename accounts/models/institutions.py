from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Institution(models.Model):
    """A ministry, agency, council or mission that owns services; its parent's officers may act in it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_sw = models.CharField(_("name in Swahili"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
    )
    reference_prefix = models.CharField(_("prefix of references"), max_length=10)
    gepg_sp_code = models.CharField(_("GePG service provider code"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if (translation.get_language() or "sw").startswith("en") else self.name_sw
