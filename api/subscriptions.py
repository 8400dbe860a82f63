"""The root fields of subscriptions. Each carries the changed row, re-read through the viewer's access."""

from api.read.declare import changed
from api.read.types import bound


@bound("What can be watched.")
class Subscription:
    alert_changed = changed("Alert", "An alert was raised, worsened, acknowledged or cleared.")
    notice_changed = changed("Notice", "A notice came into an inbox (站内信) that the viewer sees, or was read there.")
    ticket_changed = changed("Ticket", "A ticket was opened, moved or commented, a file came or went, or its number was told.")
    job_changed = changed("Job", "A job (任务) was begun, got on or ended.")
