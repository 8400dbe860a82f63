"""What lets a viewer be remembered: every transaction that may change who sees what leaves its number."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLE = """
CREATE TABLE access_change (xid xid8 PRIMARY KEY DEFAULT pg_current_xact_id(), at timestamptz NOT NULL DEFAULT now());
CREATE INDEX access_change_at ON access_change (at);
CREATE FUNCTION access_has_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM access_change WHERE xid IN (
        SELECT xid FROM access_change WHERE at < now() - interval '7 days' ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO access_change DEFAULT VALUES ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""

#: What changes who sees what: all of VIEWERS_SQL in models/viewers.py. A new session, token, identity, account or home is
#: nothing to anybody who was there before.
CHANGES = {
    "account": "UPDATE OF id, name, street_id, organisation_id, disabled_at, must_change_password OR DELETE",
    "account_session": "UPDATE OF id, account_id, expires_at, revoked_at OR DELETE",
    "api_token": "UPDATE OF digest, account_id, scope, expires_at, revoked_at OR DELETE",
    "account_identity": "UPDATE OR DELETE",
    "role_binding": "INSERT OR UPDATE OR DELETE",
    "mandate": "INSERT OR UPDATE OR DELETE",
    "place": "INSERT OR UPDATE OF id, kind, parent_id OR DELETE",
    "compound": "INSERT OR UPDATE OF id, community_id, grid_id OR DELETE",
    "home": "UPDATE OF id, compound_id OR DELETE",
}


class Migration(migrations.Migration):
    dependencies = [("models", "0004_audit")]

    initial = False

    operations = [
        ops.RunSQL(TABLE),
        *[
            ops.RunSQL(
                f"CREATE TRIGGER access_changed AFTER {change} OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION access_has_changed()"
            )
            for table, change in CHANGES.items()
        ],
    ]
