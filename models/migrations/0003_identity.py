"""Identity: sessions, API tokens, identities of issuers, invitations, attempts; what the ORM cannot say of them."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from domain.access import Scope
from domain.accounts import AccountKind
from models.migrations import Declared

STREET_OF_KEYS = """
ALTER TABLE intake_key ADD street_id varchar(30) REFERENCES place (id);
UPDATE intake_key SET street_id = o.street_id FROM organisation o WHERE o.id = organisation_id;
ALTER TABLE intake_key ALTER street_id SET NOT NULL;
"""

CHECKS = """
ALTER TABLE account ADD CHECK (kind IN ('PERSON', 'SERVICE')),
    ADD CHECK (kind = 'PERSON' OR password_hash IS NULL AND NOT must_change_password);
ALTER TABLE account_session ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD CHECK (expires_at > created_at);
ALTER TABLE api_token ADD FOREIGN KEY (street_id) REFERENCES place (id), ADD CHECK (expires_at > created_at),
    ADD CHECK (scope IN ('READ', 'WRITE'));
ALTER TABLE invitation ADD FOREIGN KEY (compound_id, street_id) REFERENCES compound (id, street_id),
    ADD FOREIGN KEY (invited_by_id) REFERENCES account (id), ADD FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE SET NULL,
    ADD CHECK (account_id IS NULL OR used_at IS NOT NULL), ADD CHECK (expires_at > created_at);
ALTER TABLE attempt ADD CHECK (count >= 0);
"""

INDEXES = """
CREATE INDEX account_session_account ON account_session (account_id, last_used_at, id) WHERE revoked_at IS NULL;
CREATE INDEX account_session_expiry ON account_session (expires_at);
CREATE INDEX account_session_revoked ON account_session (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_token_account ON api_token (account_id, created_at, id);
CREATE INDEX api_token_street ON api_token (street_id, created_at, id);
CREATE INDEX intake_key_street ON intake_key (street_id, created_at, id);
CREATE INDEX account_street ON account (street_id, login, id);
CREATE INDEX attempt_last ON attempt (last_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0002_constraints")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AccountIdentity",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("issuer", fields.CharField(max_length=300)),
                ("subject", fields.CharField(max_length=255)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "account_identity",
                "app": "models",
                "pk_attr": "id",
                "table_description": "``subject`` of ``issuer`` is this account. ``digest`` is what a request is looked up by.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="AccountSession",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("label", fields.CharField(max_length=40)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "account_session",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One log-in. ``label``: the client's family; ``last_used_at``: the log-in or the latest refresh.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ApiToken",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("hint", fields.CharField(max_length=12)),
                (
                    "scope",
                    fields.CharEnumField(
                        description="WRITE: WRITE\nREAD: READ\nPASSWORD: PASSWORD", enum_type=Scope, max_length=40
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "api_token",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A bearer token of a service account. ``digest`` is its SHA-256; ``hint`` its last four characters.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Attempt",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("count", fields.IntField()),
                ("last_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("open_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "attempt",
                "app": "models",
                "pk_attr": "key",
                "table_description": "How often one thing was tried in vain. ``key`` is a hash: what was tried, or from where, is not kept.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "home",
                    fields.ForeignKeyField(
                        "models.Home",
                        source_field="home_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("invited_by_id", fields.CharField(max_length=30)),
                ("account_id", fields.CharField(null=True, max_length=30)),
                ("compound_id", fields.CharField(max_length=30)),
                ("street_id", fields.CharField(max_length=30)),
            ],
            options={
                "table": "invitation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "``digest`` is the code's SHA-256. ``account_id``: whom it made, once it was used.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RefreshToken",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "session",
                    fields.ForeignKeyField(
                        "models.AccountSession",
                        source_field="session_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "refresh_token",
                "app": "models",
                "pk_attr": "digest",
                "table_description": "A refresh token of a session, by its SHA-256; ``used_at`` is set when the next one took its place.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Account",
            name="kind",
            field=fields.CharEnumField(
                description="PERSON: PERSON\nSERVICE: SERVICE", db_default="PERSON", enum_type=AccountKind, max_length=40
            ),
        ),
        ops.AddField(
            model_name="Account",
            name="must_change_password",
            field=fields.BooleanField(db_default=False),
        ),
        Declared(
            model_name="IntakeKey",
            name="street_id",
            field=fields.CharField(max_length=30),
        ),
        ops.RunSQL(STREET_OF_KEYS),
        ops.RunSQL(CHECKS),
        ops.RunSQL(INDEXES),
    ]
