"""Every setting, with its default, in one place. Read from the environment; see docs/settings.md."""

import re
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.mqtt import DEFAULT_ROUTES, routes
from domain.notices.sms import gateway

_KEY = re.compile("[0-9a-fA-F]{64}")


class Settings(BaseSettings):
    """Settings of one process. ``DATABASE_URL`` and ``REDIS_URL`` as is; the rest prefixed ``STEWARD_``."""

    model_config = SettingsConfigDict(env_prefix="STEWARD_", frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(
        default="postgresql://postgres@127.0.0.1:5432/postgres",
        validation_alias=AliasChoices("database_url", "DATABASE_URL"),
        description="PostgreSQL 15 or newer.",
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0",
        validation_alias=AliasChoices("redis_url", "REDIS_URL"),
        description="Valkey or Redis 7 or newer. Holds doorbells and counts of a minute; may be emptied at any time.",
    )
    data: Path = Field(default=Path(".steward"), description="Folder of the embedded servers, files and generated keys.")
    host: str = Field(default="127.0.0.1", description="Address the API listens on, and workers for those who read metrics.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the API listens on; 0 picks a free one.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="32 bytes as hex: signs tokens and seals stored secrets. `steward up` makes one in the data folder.",
    )
    secret_keys_before: SecretStr | None = Field(
        default=None,
        description="Other keys, by commas, that still open what was sealed with them: see `steward keys rotate`.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Where a front end opens pages (https address): QR codes lead to it; empty: the address that was asked.",
    )
    timezone: str = Field(default="Asia/Shanghai", description="Time zone of the street: working days and shown times.")
    handover_days: int = Field(
        default=30, ge=0, le=366, description="Days for which a company still reads what it served, and acts no more; 0: none."
    )
    committee_term_years: int = Field(default=5, ge=1, le=10, description="Years of an owners' committee's term at most.")
    management_committee_term_years: int = Field(
        default=3, ge=1, le=10, description="Years of a property management committee's term at most."
    )
    term_warn_days: int = Field(default=180, ge=1, le=366, description="Days before a term's end on which it is said, once.")
    paper_warn_days: int = Field(
        default=90, ge=1, le=366, description="Days before a qualification paper runs out on which it is said first."
    )
    paper_last_warn_days: int = Field(default=30, ge=1, le=366, description="Days before that on which it is said again.")
    rounds_ahead_hours: int = Field(default=48, ge=24, le=744, description="Hours before its time that a round is made.")
    rounds_grace_minutes: int = Field(
        default=30,
        ge=0,
        le=1_440,
        description="Minutes after its time in which a round may still be heard of, before it is missed.",
    )
    production: bool = Field(
        default=False,
        description="No GraphiQL, no introspection for the anonymous; browsers come back over TLS only.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="The least that is logged.")
    log_json: bool = Field(default=False, description="One JSON object per log line instead of coloured text.")
    token_minutes: int = Field(default=60, ge=1, description="Life of an access token.")
    session_days: int = Field(default=30, ge=1, le=366, description="Life of a session: after that, log in again.")
    oidc_issuer: str = Field(default="", description="OpenID Connect issuer (https address) whose tokens are taken; empty: none.")
    oidc_audience: str = Field(default="", description="Audience that those tokens must name.")
    oidc_more: dict[str, str] = Field(default={}, description='Further issuers: JSON, `{"issuer": "audience"}`.')
    read_connections: int = Field(default=8, ge=1, description="Database connections of the read engine, per API process.")
    write_connections: int = Field(default=8, ge=1, description="Database connections for mutations and tasks, per process.")
    intake_connections: int = Field(default=2, ge=1, description="Database connections that store events, per API process.")
    worker_threads: int = Field(default=8, ge=1, description="Work rows handled at once by one worker process.")
    worker_metrics_port: int = Field(
        default=0, ge=0, le=65_535, description="Port at STEWARD_HOST where a worker shows its metrics; 0: none."
    )
    event_max_bytes: int = Field(default=1_048_576, ge=1_024, description="Largest body of POST /events.")
    event_max_batch: int = Field(default=1_000, ge=1, description="Most events in one batch.")
    event_max_future_seconds: int = Field(default=300, ge=0, description="How far in the future an event's time may lie.")
    event_max_age_days: int = Field(default=31, ge=1, le=31, description="How old an event's time may be.")
    event_backlog: int = Field(default=20_000, ge=1, description="Events waiting to be stored before 429 is answered.")
    retention_months: int = Field(default=13, ge=2, description="Months that events and readings are kept.")
    retention_notice_days: int = Field(
        default=400, ge=1, description="Days that notices, if sent or given up, are kept from the day they were made."
    )
    retention_ticket_days: int = Field(
        default=730, ge=1, description="Days after which an ended ticket loses its telephone number and what people wrote."
    )
    retention_moved_out_days: int = Field(
        default=90, ge=1, description="Days after which the account of a resident who moved out is erased."
    )
    retention_invitation_days: int = Field(default=90, ge=1, description="Days that invitations are kept once they are over.")
    retention_duty_days: int = Field(default=400, ge=1, description="Days that duty shifts are kept once they are over.")
    retention_round_days: int = Field(
        default=400, ge=366, description="Days that rounds and what was scanned on them are kept: a year at least (GB 25201)."
    )
    retention_pass_days: int = Field(default=30, ge=1, le=30, description="Days that visitor passes are kept once they are over.")
    retention_loan_days: int = Field(default=400, ge=1, description="Days that stations' loans are kept once they are over.")
    retention_office_days: int = Field(
        default=1_826, ge=1, description="Days after which the name of somebody who held an office is taken away."
    )
    retention_lift_work_days: int = Field(
        default=1_461, ge=1_461, description="Days that work orders on lifts are kept: four years at least (TSG T5002-2017)."
    )
    retention_work_days: int = Field(
        default=1_827, ge=1_827, description="Days that other work orders are kept: five years at least (GB 25201-2010)."
    )
    retention_arrears_days: int = Field(
        default=1_827,
        ge=1_096,
        description="Days that cases of arrears, plans and disputes are kept once over: three years at least (Civil Code 188).",
    )
    retention_fire_days: int = Field(
        default=1_827,
        ge=1_827,
        description="Days that hazards, fire drills and pacts are kept once they are over: five years at least (GB 25201-2010).",
    )
    retention_book_days: int = Field(
        default=4_019,
        ge=4_019,
        description="Days that bills, budgets, expenses, homes in journals are kept: ten years after their year (by law).",
    )
    retention_dry_run_days: int = Field(default=90, ge=1, description="Days that dry runs of rules are kept.")
    retention_figure_days: int = Field(
        default=1_830, ge=62, description="Days that the key figures of compounds are kept: trends go back so far."
    )
    retention_import_days: int = Field(default=365, ge=1, description="Days that imports of sheets, and jobs, are kept.")
    job_lost_hours: int = Field(
        default=24, ge=1, description="Hours after which a job of which nothing is heard any more is given up."
    )
    retention_session_days: int = Field(default=30, ge=1, description="Days that sessions are kept once they are over.")
    retention_attempt_days: int = Field(default=2, ge=1, description="Days that counts of attempts are kept.")
    retention_answer_days: int = Field(default=2, ge=1, description="Days that answers to retried mutations are kept.")
    retention_unmasking_days: int = Field(
        default=1_096, ge=1, description="Days that the reasons are kept for which telephone numbers were told."
    )
    database_wait_seconds: float = Field(default=2.0, gt=0, description="Wait for a database connection before answering 503.")
    statement_timeout_ms: int = Field(default=10_000, ge=100, description="Longest run of one read statement.")
    graphql_max_bytes: int = Field(default=1_048_576, ge=1_024, description="Largest body of a GraphQL request.")
    graphql_document_bytes: int = Field(default=65_536, ge=1_024, description="Longest GraphQL document.")
    graphql_tokens: int = Field(default=5_000, ge=100, description="Most words and signs of a document; as many comments.")
    graphql_depth: int = Field(default=25, ge=1, le=100, description="Most levels of a document, fragments included.")
    graphql_aliases: int = Field(default=200, ge=0, description="Most aliases in a document.")
    graphql_directives: int = Field(default=200, ge=0, description="Most uses of directives in a document.")
    graphql_root_fields: int = Field(default=50, ge=1, description="Most root fields of a document's operations together.")
    graphql_fields: int = Field(default=2_000, ge=1, description="Most fields of a document, fragments written out.")
    graphql_comparisons: int = Field(
        default=30_000, ge=1_000, description="Most comparisons between fields of one name when a document is validated."
    )
    graphql_values: int = Field(default=10_000, ge=1, description="Most values in a request's variables.")
    cost_anonymous: int = Field(default=20_000, ge=0, description="Rows that one operation of the anonymous may cost.")
    cost_residents: int = Field(default=50_000, ge=0, description="The same for residents and committee members.")
    cost_staff: int = Field(default=200_000, ge=0, description="The same for those who work for the street or a company.")
    cost_systems: int = Field(default=400_000, ge=0, description="The same for integrations and auditors.")
    graphql_response_bytes: int = Field(default=16_777_216, ge=1_024, description="Longest answer to one GraphQL operation.")
    graphql_cache_documents: int = Field(default=2_000, ge=1, description="Documents kept ready, per API process.")
    graphql_cache_bytes: int = Field(
        default=134_217_728, ge=1_048_576, description="Memory for documents kept ready with their statements, per API process."
    )
    prepared_statements: int = Field(
        default=200, ge=0, description="Statements kept prepared per read connection; each takes PostgreSQL some 200 kB."
    )
    introspection: Literal["everyone", "accounts", "nobody"] | None = Field(
        default=None, description="Who is shown the schema and corrections of names; none: accounts in production, else everyone."
    )
    persisted_documents: Path | None = Field(
        default=None, description="Folder of `.graphql` files that clients may name by `documentId`."
    )
    persisted_only: bool = Field(default=False, description="Answer no documents but those of that folder.")
    body_timeout_seconds: float = Field(default=20.0, gt=0, description="How long a request's body may take to arrive.")
    file_max_bytes: int = Field(default=20_971_520, ge=1_024, description="Largest file that is taken.")
    file_timeout_seconds: float = Field(default=180.0, gt=0, description="How long a file may take to arrive.")
    file_link_seconds: int = Field(default=300, ge=1, le=86_400, description="How long a link to a file is good.")
    file_removed_days: int = Field(default=7, ge=0, description="Days after which the content of a removed file is dropped.")
    socket_init_seconds: float = Field(default=10.0, gt=0, description="How long a new WebSocket may wait to introduce itself.")
    socket_idle_seconds: float = Field(default=25.0, gt=0, description="Silence after which sockets are pinged, streams fed.")
    socket_message_bytes: int = Field(default=262_144, ge=1_024, description="Longest message a WebSocket client may send.")
    socket_operations: int = Field(default=100, ge=1, description="Operations one WebSocket may run at once.")
    ticket_reopen_days: int = Field(
        default=15, ge=0, description="Days after its work was done in which a ticket can be opened again."
    )
    ticket_confirm_days: int = Field(
        default=7,
        ge=0,
        le=366,
        description="Days after its work was done on which a ticket is closed that nobody confirms; 0: never.",
    )
    ticket_confirm_warn_days: int = Field(
        default=2, ge=1, le=366, description="Days before that on which its reporter is told, at least."
    )
    ticket_call_back_percent: int = Field(
        default=10, ge=0, le=100, description="Share of each day's closed tickets whose reporters are called back."
    )
    unmasks_per_hour: int = Field(default=30, ge=1, description="Telephone numbers that one account may ask for in an hour.")
    export_minutes: int = Field(default=10, ge=1, description="Minutes between two exports of one account's own data.")
    streams_per_viewer: int = Field(default=50, ge=1, description="WebSockets and SSE streams per viewer and API process.")
    streams_per_process: int = Field(default=2_000, ge=1, description="WebSockets and SSE streams of one API process.")
    subscription_backlog: int = Field(default=256, ge=1, description="Changes that may wait for one slow subscriber.")
    rate_requests: int = Field(
        default=6_000, ge=0, description="Requests a minute of one account or token. For all of these limits 0 means none."
    )
    rate_rows: int = Field(
        default=20_000_000, ge=0, description="Rows that an account's operations of one minute may cost together."
    )
    rate_strangers: int = Field(default=3_000, ge=0, description="Requests a minute from one address without a good token.")
    rate_log_ins: int = Field(
        default=120,
        ge=0,
        description="Log-ins, refreshes, registrations, changes of a password a minute from one address; refused without Redis.",
    )
    rate_events: int = Field(default=1_200_000, ge=0, description="Events a minute with one intake key.")
    rate_uploads: int = Field(default=60, ge=0, description="Files a minute that one account may send.")
    rate_megapixels: int = Field(
        default=200, ge=0, description="Millions of pixels a minute in pictures that one account may send."
    )
    rate_wait_ms: int = Field(default=200, ge=1, description="Wait for Redis when counting, in milliseconds.")
    allowed_hosts: str = Field(
        default="", description="Names, by commas, under which the API answers (`*.example.com` for all below); empty: any."
    )
    cors_origins: str = Field(default="", description="Other sites whose pages may call the API, by commas; empty: none.")
    trusted_proxies: str = Field(
        default="", description="Addresses or networks, by commas, whose X-Forwarded-For is believed; empty: none."
    )
    webhook_pause_hours: int = Field(
        default=24, ge=1, description="Hours without a success after which a failing channel is paused, and its people told."
    )
    webhook_allow_private: bool = Field(
        default=False, description="Let webhooks and notification channels reach private addresses (tests, one machine)."
    )

    mqtt_url: str = Field(
        default="",
        pattern=r"^(mqtts?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)?$",
        description="The broker of `steward mqtt`: `mqtts://host:8883` (TLS) or `mqtt://host:1883`; empty: none. See mqtt.md.",
    )
    mqtt_client_id: str = Field(
        default="steward-1",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Names a bridge's session at the broker: of each bridge its own, and the same after every start.",
    )
    mqtt_group: str = Field(
        default="steward", pattern=r"^[^\s/+#$]{1,64}$", description="Shared subscription by which bridges divide the messages."
    )
    mqtt_user: str = Field(default="", description="Name with which bridges log in at the broker; empty: none.")
    mqtt_password: SecretStr | None = Field(default=None, description="Its password; sent over TLS or to this machine only.")
    mqtt_ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) that vouch for the broker; none: those of the system."
    )
    mqtt_certificate_file: Path | None = Field(default=None, description="Client certificate (PEM) of the bridge; none: none.")
    mqtt_key_file: Path | None = Field(default=None, description="Private key (PEM, not encrypted) of that certificate.")
    mqtt_session_hours: int = Field(
        default=168, ge=1, le=8_760, description="Hours for which the broker keeps what comes while a bridge is away."
    )
    mqtt_receive_maximum: int = Field(
        default=200, ge=1, le=65_535, description="Most messages that a bridge has and has not acknowledged."
    )
    mqtt_routes: str = Field(default=DEFAULT_ROUTES, description="Which topics are taken, and what they mean: JSON, see mqtt.md.")
    mqtt_rejected_topic: str = Field(
        default="steward/rejected/v1/{organisation}",
        pattern=r"^[^+#$\x00]*$",
        description="Where bridges publish what they could not take, and why; empty: nowhere.",
    )
    mqtt_metrics_port: int = Field(
        default=0, ge=0, le=65_535, description="Port at STEWARD_HOST where a bridge shows metrics and health; 0: none."
    )

    sms_gateway: SecretStr | None = Field(
        default=None,
        description="How text messages are sent: JSON with `url`, `method`, `headers`, `body`, `accepted`; see notifications.md.",
    )
    sms_signature: str = Field(default="【智慧管家】", max_length=20, description="What text messages begin with.")
    sms_parts: int = Field(default=4, ge=1, le=10, description="Most parts (67 Chinese characters each) of one text message.")

    payments_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Where the payment provider takes orders; empty: nothing is paid online. See payments.md.",
    )
    payments_callback_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Where the payment provider reaches this API: it calls `/payments/callbacks/…` there.",
    )
    payments_order_minutes: int = Field(default=30, ge=5, le=1_440, description="Minutes for which a payment order can be paid.")
    payments_sandbox_merchants: SecretStr = Field(
        default=SecretStr(""), description="Merchants of `steward payments-sandbox`: `NUMBER=SECRET`, by commas."
    )
    payments_sandbox_fee_permille: Decimal = Field(
        default=Decimal(0), ge=0, le=1_000, description="What that sandbox keeps of what comes, in thousandths."
    )

    @field_validator("sms_gateway")
    @classmethod
    def _is_gateway(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            gateway(value.get_secret_value())
        return value

    @field_validator("mqtt_url")
    @classmethod
    def _has_port(cls, value: str) -> str:
        try:
            _ = urlsplit(value).port
        except ValueError:
            raise ValueError("a port is at most 65535") from None
        return value

    @field_validator("mqtt_routes")
    @classmethod
    def _are_routes(cls, value: str) -> str:
        routes(value)
        return value

    @field_validator("secret_key", "secret_keys_before")
    @classmethod
    def _is_hex(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        told = value.get_secret_value() if value else ""
        keys = [key.strip() for key in told.split(",") if key.strip()] if info.field_name == "secret_keys_before" else [told]
        if value is not None and not all(_KEY.fullmatch(key) for key in keys):
            raise ValueError("a key is 32 bytes as hex, 64 characters (openssl rand -hex 32)")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError("no such time zone; give a name such as Asia/Shanghai") from None
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def older_secret_keys(self) -> tuple[str, ...]:
        """``secret_keys_before``, one by one."""
        told = self.secret_keys_before.get_secret_value() if self.secret_keys_before else ""
        return tuple(key.strip() for key in told.split(",") if key.strip())


def load() -> Settings:
    """The settings of this process, read from the environment now."""
    return Settings()
