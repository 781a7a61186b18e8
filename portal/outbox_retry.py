"""A person gives a failed event handler another row of attempts, for instance after its mistake is corrected.

The sweep picks it up within seconds: nobody waits for it on a page.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.errors import Conflict
from portal.models import OutboxDelivery
from portal.verbs import EVENT_RETRIED

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def retry(delivery: OutboxDelivery, actor: "Person") -> None:
    row = OutboxDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state != OutboxDelivery.State.FAILED:
        raise Conflict(_("Only a failed event can be tried again."), "event_not_failed")
    row.state, row.attempts, row.next_attempt_at = OutboxDelivery.State.PENDING, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "next_attempt_at"])
    audit.record(EVENT_RETRIED, row, actor=actor, handler=row.handler)
