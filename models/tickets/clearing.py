"""Taking away from tickets what is personal: the number to call back on, and what the reporter wrote, attached and told."""

#: Whether ticket t was opened on duty: what stands there are the office's words, and not its reporter's.
ON_DUTY = """EXISTS (
    SELECT FROM fact f WHERE f.subject_id = t.id AND f.action = 'ticketOpen'
        AND f.role IN ('STREET_OFFICER', 'COMMUNITY_STAFF', 'GRID_WORKER', 'COMPANY_MANAGER', 'COMPANY_STAFF')
)"""

#: $1: ids of tickets, $2: what stands in the place of the words. Answers how many were cleared that had not been before.
CLEAR_SQL = """
WITH cleared AS (
    UPDATE ticket SET title = $2, description = '', cleared_at = now(),
        contact_phone_masked = NULL, contact_phone_sealed = NULL, contact_phone_index = NULL
    WHERE id = ANY($1::text[]) AND cleared_at IS NULL RETURNING id, opened_by_id
), unsaid AS (
    UPDATE ticket_comment c SET body = $2 FROM cleared t
    WHERE c.ticket_id = t.id AND c.author_id = t.opened_by_id AND NOT c.internal
), unattached AS (
    UPDATE file f SET name = '', removed_at = now() FROM cleared t
    WHERE f.subject_id = t.id AND f.uploaded_by_id = t.opened_by_id AND f.removed_at IS NULL
), unrated AS (
    UPDATE ticket_rating r SET note = '' FROM cleared t WHERE r.ticket_id = t.id
), untold AS (
    UPDATE call_back b SET note = '' FROM cleared t WHERE b.ticket_id = t.id
)
SELECT count(*)::int AS count FROM cleared
"""
