"""All that is held about one person, for themselves: read page by page, so that nothing waits for whoever reads it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime

from tortoise import connections
from tortoise.transactions import in_transaction

from domain.access import Scope, Viewer
from domain.accounts import AccountKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from settings import Settings

from .accounts import Account
from .attempts import Quota, spend
from .facts import record
from .permits import actor_of
from .phones import told
from .tickets.clearing import ON_DUTY

#: Rows that are read at once.
_PAGE = 500

#: Lists by their names: $1 the account, $2 the last key before the page. Each row tells its key, as text, and itself as JSON.
_LISTS: Mapping[str, str] = {
    "roles": """
        SELECT b.id AS key, json_build_object('role', b.role, 'startsOn', b.starts_on, 'endsOn', b.ends_on,
            'place', p.name, 'organisation', o.name, 'compound', c.name, 'home', h.code)::text AS told
        FROM role_binding b LEFT JOIN place p ON p.id = b.place_id LEFT JOIN organisation o ON o.id = b.organisation_id
            LEFT JOIN compound c ON c.id = b.compound_id LEFT JOIN home h ON h.id = b.home_id
        WHERE b.account_id = $1 AND b.id > $2 ORDER BY b.id
    """,
    "homes": """
        SELECT b.id AS key, json_build_object('code', h.code, 'home', h.name, 'floor', h.floor, 'unit', u.name,
            'building', g.name, 'compound', c.name, 'address', c.address, 'from', b.starts_on, 'until', b.ends_on)::text AS told
        FROM role_binding b JOIN home h ON h.id = b.home_id JOIN unit u ON u.id = h.unit_id
            JOIN building g ON g.id = u.building_id JOIN compound c ON c.id = h.compound_id
        WHERE b.account_id = $1 AND b.id > $2 ORDER BY b.id
    """,
    "sessions": """
        SELECT id AS key, json_build_object('id', id, 'client', label, 'createdAt', created_at, 'lastUsedAt', last_used_at,
            'expiresAt', expires_at, 'revokedAt', revoked_at)::text AS told
        FROM account_session WHERE account_id = $1 AND id > $2 ORDER BY id
    """,
    "identities": """
        SELECT id AS key, json_build_object('issuer', issuer, 'subject', subject, 'linkedAt', created_at)::text AS told
        FROM account_identity WHERE account_id = $1 AND id > $2 ORDER BY id
    """,
    "channels": """
        SELECT id AS key, json_build_object('id', id, 'kind', kind, 'hint', hint, 'types', types, 'compoundIds', compound_ids,
            'leastSeverity', least_severity, 'quietFrom', quiet_from, 'quietTo', quiet_to, 'digest', digest,
            'digestAt', digest_at, 'language', language, 'createdAt', created_at, 'removedAt', removed_at)::text AS told
        FROM channel WHERE account_id = $1 AND id > $2 ORDER BY id
    """,
    "notices": """
        SELECT id AS key, json_build_object('id', id, 'type', type, 'title', title, 'state', state, 'createdAt', created_at,
            'sentAt', sent_at, 'readAt', read_at, 'channel', channel_id)::text AS told
        FROM notice WHERE account_id = $1 AND id > $2 ORDER BY id
    """,
    "tickets": f"""
        SELECT t.id AS key, json_build_object('id', t.id, 'number', t.number, 'kind', t.kind, 'priority', t.priority,
            'state', t.state, 'source', t.source, 'caseNumber', t.case_number, 'category', t.category,
            'title', t.title, 'description', t.description, 'contactPhone', t.contact_phone_masked,
            'compound', c.name, 'home', h.code, 'openedAt', t.opened_at, 'closedAt', t.closed_at,
            'rating', (SELECT json_build_object('at', g.rated_at, 'score', g.score, 'reasons', g.reasons, 'note', g.note)
                FROM ticket_rating g WHERE g.ticket_id = t.id),
            'comments', (SELECT coalesce(json_agg(json_build_object('at', k.at, 'body', k.body) ORDER BY k.at), '[]')
                FROM ticket_comment k WHERE k.ticket_id = t.id AND k.author_id = $1),
            'files', (SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'uploadedAt', f.uploaded_at)), '[]')
                FROM file f WHERE f.subject_id = t.id AND f.uploaded_by_id = $1 AND f.removed_at IS NULL))::text AS told
        FROM ticket t JOIN compound c ON c.id = t.compound_id LEFT JOIN home h ON h.id = t.home_id
        WHERE t.opened_by_id = $1 AND t.id > $2 AND NOT {ON_DUTY} ORDER BY t.id
    """,
    "stints": """
        SELECT s.id AS key, json_build_object('post', p.name, 'compound', c.name, 'from', s.began_at, 'until', s.ended_at,
            'certificateUntil', s.certificate_until)::text AS told
        FROM post_stint s JOIN post p ON p.id = s.post_id JOIN compound c ON c.id = s.compound_id
        WHERE s.account_id = $1 AND s.id > $2 ORDER BY s.id
    """,
    "visitorPasses": """
        SELECT v.id AS key, json_build_object('state', v.state, 'people', v.people, 'byVehicle', v.by_vehicle, 'home', v.home,
            'place', v.place, 'issuedAt', v.issued_at, 'from', v.valid_from, 'until', v.valid_until,
            'admittedAt', v.admitted_at, 'leftAt', v.left_at)::text AS told
        FROM visitor_pass v WHERE v.issued_by_id = $1 AND v.id > $2 ORDER BY v.id
    """,
    "disputes": """
        SELECT d.id AS key, json_build_object('bill', b.number, 'home', h.code, 'reason', d.reason, 'text', d.text,
            'state', d.state, 'openedAt', d.opened_at, 'answer', d.answer, 'closedAt', d.closed_at)::text AS told
        FROM bill_dispute d JOIN bill b ON b.id = d.bill_id JOIN home h ON h.id = d.home_id
        WHERE d.opened_by_id = $1 AND d.id > $2 ORDER BY d.id
    """,
    "statementQuestions": """
        SELECT q.id AS key, json_build_object('statement', s.title, 'body', q.body, 'answer', q.answer, 'askedAt', q.asked_at,
            'answeredAt', q.answered_at, 'hiddenAt', q.hidden_at)::text AS told
        FROM statement_question q JOIN statement s ON s.id = q.statement_id WHERE q.asked_by_id = $1 AND q.id > $2 ORDER BY q.id
    """,
    "paymentOrders": """
        SELECT o.id AS key, json_build_object('home', h.code, 'amount', o.amount::text, 'state', o.state, 'openedAt', o.opened_at,
            'endedAt', o.ended_at)::text AS told
        FROM payment_order o JOIN home h ON h.id = o.home_id WHERE o.opened_by_id = $1 AND o.id > $2 ORDER BY o.id
    """,
    "watching": """
        SELECT w.id AS key, json_build_object('ticket', t.number, 'since', w.since)::text AS told
        FROM ticket_watcher w JOIN ticket t ON t.id = w.ticket_id WHERE w.account_id = $1 AND w.id > $2 ORDER BY w.id
    """,
    "reasons": """
        SELECT id AS key, json_build_object('at', at, 'reason', reason, 'note', note, 'about', subject_id)::text AS told
        FROM unmasking WHERE actor_id = $1 AND id > $2 ORDER BY id
    """,
    "acts": """
        SELECT lpad(seq::text, 19, '0') AS key, json_build_object('at', at, 'action', action, 'about', subject_id, 'roles', roles,
            'from', address, 'words', words)::text AS told
        FROM fact WHERE actor = $1 AND seq > ('0' || $2)::bigint ORDER BY seq
    """,
    "actsOnTheAccount": """
        SELECT id AS key, json_build_object('at', at, 'action', action, 'words', words)::text AS told
        FROM fact WHERE subject_id = $1 AND actor <> $1 AND id > $2 ORDER BY id
    """,
}


async def export_data(viewer: Viewer, *, settings: Settings) -> Account:
    """Put on record that a person takes a copy of their own data; answers whose they are, for ``personal_data``.

    Refuses FORBIDDEN (a machine, or a token that is not good for acts) and RATE_LIMITED. Call it outside of any transaction.
    """
    account = await Account.get(id=viewer.account_id)
    if account.kind is not AccountKind.PERSON or viewer.scope is not Scope.WRITE:
        raise Refused(RefusalCode.FORBIDDEN, Text("A person's own log-in is needed for this.", "须以本人账号登录后操作。"))
    await spend(Quota("export", most=1, seconds=settings.export_minutes * 60), account.id)
    async with in_transaction():
        await record(actor_of(viewer), "dataExport", account)
    return account


async def personal_data(account: Account, settings: Settings) -> AsyncGenerator[str]:
    """One JSON object, in pieces. Raises NoSecretKey, NotOpened and whatever the database raises."""
    about = {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "phone": told(account, "phone", settings),
        "createdAt": account.created_at.isoformat(),
    }
    head = {"exportedAt": datetime.now(UTC).isoformat(), "account": about}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    database = connections.get("default")
    for name, query in _LISTS.items():
        yield f', "{name}": ['
        after, separator = "", ""
        while True:
            rows = await database.execute_query_dict(f"{query} LIMIT {_PAGE}", [account.id, after])
            if rows:
                yield separator + ", ".join(row["told"] for row in rows)
                after, separator = rows[-1]["key"], ", "
            if len(rows) < _PAGE:
                break
        yield "]"
    yield "}\n"
