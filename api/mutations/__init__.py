"""The root fields of mutations: one file per noun, one field per act."""

from strawberry.tools import create_type

from . import administration, alerts, channels, facilities, files, phones, residents, sessions, tickets

#: Every mutation, in the order of the schema.
Mutation = create_type(
    "Mutation",
    [
        sessions.log_in,
        sessions.session_refresh,
        sessions.log_out,
        sessions.log_out_everywhere,
        sessions.session_revoke,
        sessions.password_change,
        phones.phone_change,
        administration.account_reset_password,
        administration.account_disable,
        administration.account_enable,
        administration.account_erase,
        administration.account_link_identity,
        administration.account_unlink_identity,
        administration.service_account_create,
        administration.api_token_create,
        administration.api_token_rotate,
        administration.api_token_revoke,
        administration.key_create,
        administration.key_rotate,
        administration.key_revoke,
        residents.resident_invite,
        residents.register_resident,
        phones.unmask,
        phones.find_by_phone,
        alerts.alert_acknowledge,
        alerts.alert_clear,
        tickets.ticket_open,
        tickets.ticket_accept,
        tickets.ticket_assign,
        tickets.ticket_start,
        tickets.ticket_resolve,
        tickets.ticket_confirm,
        tickets.ticket_reopen,
        tickets.ticket_cancel,
        tickets.ticket_comment,
        facilities.facility_report_status,
        files.file_remove,
        channels.channel_add,
        channels.channel_remove,
    ],
    description="What can be done. Every field does one act; what is refused comes back in the payload's errors.",
)
