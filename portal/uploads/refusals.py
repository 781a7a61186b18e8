"""Every reason for which an upload is refused, in words that say what to do next."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class UploadRefused(DomainError):
    """Nothing of the file was kept."""


def too_large(limit: int) -> UploadRefused:
    megabytes = limit // (1024 * 1024)
    return UploadRefused(
        format_lazy(_("The file is too large. Choose one of at most {megabytes} MB."), megabytes=megabytes),
        "file_too_large",
    )


def empty() -> UploadRefused:
    return UploadRefused(_("The file is empty. Choose another one."), "file_empty")


def type_not_allowed() -> UploadRefused:
    return UploadRefused(
        _("This kind of file is not accepted. Send a PDF, or a photo as JPEG or PNG."),
        "file_type_not_allowed",
    )


def damaged() -> UploadRefused:
    return UploadRefused(
        _("The file is damaged and cannot be opened. Make it again and send it once more."), "file_damaged"
    )


def encrypted() -> UploadRefused:
    return UploadRefused(
        _("The PDF is locked with a password. Save it without a password and send it again."),
        "file_encrypted",
    )


def active_content() -> UploadRefused:
    return UploadRefused(
        _("The PDF has programs or other files inside it. Print it to a new PDF, or take a photo of it."),
        "file_active_content",
    )


def too_complex() -> UploadRefused:
    return UploadRefused(
        _("The PDF is too long or too complex. Print it to a new PDF, or send the pages in parts."),
        "file_too_complex",
    )


def infected() -> UploadRefused:
    return UploadRefused(
        _("The file was refused because it contains harmful software. Send another one."), "file_infected"
    )


def not_ready() -> UploadRefused:
    return UploadRefused(_("The file is still being checked. Try again in a minute."), "file_not_ready")


def gone() -> UploadRefused:
    return UploadRefused(_("The file is no longer available. Send it again."), "file_gone")
