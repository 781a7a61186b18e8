"""Everything that changes applications and the catalogue. Pages, the API and tasks call these and nothing else."""

from services.actions.catalogue import publish_version, retire_service
from services.actions.certificates import complete_issue, revoke_certificate
from services.actions.documents import add_document, remove_document
from services.actions.drafts import save_section, start_application
from services.actions.moves import lapse_application, withdraw_application
from services.actions.stages import claim_task, decide_stage, release_task, settle_application
from services.actions.submissions import submit_application

__all__ = [
    "add_document",
    "claim_task",
    "complete_issue",
    "decide_stage",
    "lapse_application",
    "publish_version",
    "release_task",
    "remove_document",
    "retire_service",
    "revoke_certificate",
    "save_section",
    "settle_application",
    "start_application",
    "submit_application",
    "withdraw_application",
]
