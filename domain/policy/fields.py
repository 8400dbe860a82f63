"""What kind of thing each field tells."""

from collections.abc import Mapping

from .disclosure import DataClass
from .rows import READ

Fields = Mapping[str, DataClass]


def _fields(**classes: str) -> Fields:
    """Fields by their class: ``_fields(open="id number", written="title")``."""
    return {name: DataClass[key.upper()] for key, names in classes.items() for name in names.split()}


#: Per type and field: what kind of thing it tells. Every type has an ``id``, which is OPEN. What a connection, a count or a
#: relation leads to is decided by the rows there; a root field by its rows.
FIELDS: Mapping[str, Fields] = {
    "Place": _fields(
        open="code kind name latitude longitude outline version ended_on living became split_from absorbed split_off"
        " parent places compounds grid_compounds history"
    ),
    "Compound": _fields(
        open="statements fee_items books posts zones zone_count covered_zone_count hazards hazard_stats fire_drills fire_pacts"
        " code name kind governance address latitude longitude outline handed_over_year home_count resident_count version"
        " street community grid buildings homes home_stats mandates facilities devices tickets alerts ticket_stats alert_stats"
        " joint_offices figures round_plans rounds has_party_organisation has_party_work has_owners_body has_company"
        " has_joint_office facility_count"
        " facilities_out_count open_alert_count open_ticket_count overdue_ticket_count history"
    ),
    "Building": _fields(open="code name storeys height_m compound units facilities"),
    "Unit": _fields(open="code name building homes"),
    "Home": _fields(open="code name floor area_m2 use version unit compound bills fee_assignments meters", household="residents"),
    "JointOffice": _fields(open="address starts_on ends_on compound history"),
    "CompoundFigures": _fields(
        open="day open_tickets overdue_tickets closed_tickets ratings score_sum open_alerts critical_alerts major_alerts"
        " minor_alerts warning_alerts facilities_out overdue_fees fees_due fees_paid"
        " has_party_organisation has_party_work has_owners_body has_company"
        " has_joint_office taken_at compound"
    ),
    "Coverage": _fields(own="on street_id community_id community_name kind compounds aspects"),
    "AspectCoverage": _fields(own="aspect covered lacking percent"),
    "Lacking": _fields(own="total compounds end_cursor"),
    "LackingCompound": _fields(own="compound_id code name kind community_id community_name"),
    "TrendPoint": _fields(own="month until value compounds count"),
    "Organisation": _fields(
        open="code kind name functional credit_code telephone address hours founded_on ended_on term_ends_on version place"
        " compound mandates offices elections papers history"
    ),
    "Office": _fields(
        open="kind starts_on ends_on lasts_to how_ended organisation election compound account", name="holder", written="end_note"
    ),
    "Election": _fields(open="held_on term_starts_on term_ends_on organisation offices"),
    "Paper": _fields(open="kind number issuer valid_from valid_to withdrawn_at expired organisation files"),
    "MandateHandover": _fields(
        open="handed_over_on handed missing from_signed_at to_signed_at mandate from_organisation to_organisation from_signed_by"
        " to_signed_by compound",
        written="open_points",
    ),
    "Mandate": _fields(open="role service basis basis_number basis_on starts_on ends_on lasts_to organisation compound handover"),
    "Facility": _fields(
        open="code kind name status status_since version attributes scrap_on qr compound building unit devices"
        " status_history tickets alerts zones history"
        " next_due dues work_orders inspections suspensions hazards"
    ),
    "FacilityStatusChange": _fields(open="status since facility", written="note"),
    "Device": _fields(open="code kind name maker last_seen_at last_reading facility compound parent children alerts events"),
    "Event": _fields(open="event_id type subject time received_at device facility compound", technical="source data"),
    "Alert": _fields(
        open="rule rule_version module severity severity_rank state count first_seen_at last_seen_at acknowledged_at"
        " acknowledged_by cleared_at outcome message reading version subject device facility compound ticket occurrences history"
        " care",
        inside="outcome_note",
    ),
    "ComplaintCluster": _fields(open="category found_at compound"),
    "AlertCare": _fields(
        open="standing raised_at told_severity said_at look_at repeats rung group_id shelved_until shelved_by silence"
        " parent_alert alert compound",
        written="shelve_reason",
    ),
    "AlertPolicy": _fields(open="severity figures"),
    "AlertSource": _fields(
        open="rule module maker raised seen confirmed false_alarms tests duplicates unknown false_percent last_seen_at device"
        " compound"
    ),
    "Silence": _fields(open="starts_at ends_at module rule worst created_at created_by device compound held", written="why"),
    "AlertOccurrence": _fields(open="kind at severity reading"),
    "Threshold": _fields(open="rule values street compound facility device"),
    "AlertRuleVersion": _fields(
        open="rule module number state definition drafted_at published_at retired_at street dry_runs history"
    ),
    "AlertRuleDryRun": _fields(
        open="state since until started_at finished_at devices devices_done readings alert_count current_count version alerts"
        " alert_stats"
    ),
    "DryRunAlert": _fields(open="severity first_seen_at last_seen_at cleared_at count message device compound dry_run"),
    "StewardModule": _fields(own="key name about off rules checks settings figures open_alerts"),
    "ModuleOff": _fields(own="since reason"),
    "ModuleSetting": _fields(own="rule name value default unit source"),
    "ModuleFigure": _fields(own="open critical unacknowledged raised false_percent"),
    "ModuleAlert": _fields(own="alert_id rule severity first_seen_at"),
    "AlertRule": _fields(own="key name module version own severity about_life told_by kinds metric figures definition"),
    "AlertRuleFigure": _fields(own="name meaning value kinds unit least most whole clause source"),
    "Ticket": _fields(
        open="number kind source case_number category priority state opened_at due_at accepted_at arrived_at replied_at"
        " transferred_at resolved_at closed_at closes_at reopened_count"
        " routing version overdue deadline deadlines pauses compound home"
        " facility alert organisation assignee proposed_assignee comments parties watchers links linked_from rating call_backs"
        " files history",
        written="title description",
        contact="contact_phone",
    ),
    "TicketParty": _fields(open="sign_off added_at signed_off_at ticket organisation signed_off_by"),
    "TicketWatcher": _fields(open="since ticket account"),
    "TicketLink": _fields(open="kind made_at ticket other"),
    "TicketRating": _fields(open="score reasons rated_at ticket organisation compound", written="note"),
    "CallBack": _fields(open="state closed_on attempts called_at outcome score ticket compound called_by", inside="note"),
    "TicketRoute": _fields(open="kind category target set_at removed_at compound place organisation"),
    "TicketComment": _fields(open="internal at author", written="body"),
    "TicketDeadline": _fields(
        open="goal state level source policy why started_at due warn_at warned_at breached_at met_at paused ticket compound"
    ),
    "TicketPause": _fields(open="reason started_at ends_at ended_at ticket started_by ended_by", written="note"),
    "SlaPolicy": _fields(open="kind priority goal amount measure warn_percent escalate_minutes pause_minutes organisation"),
    "WorkingHours": _fields(open="hours days organisation"),
    "CalendarDay": _fields(open="day works", written="note"),
    "SlaDefault": _fields(own="kind priority goal amount measure warn_percent escalate_minutes pause_minutes"),
    "File": _fields(open="media_type size sha256 uploaded_at removed_at uploaded_by", written="name"),
    "Check": _fields(own="name module cadence does last_run next_run last_result last_found last_problem"),
    "FileLink": _fields(own="file_id url expires_at"),
    "Fact": _fields(open="at action words subject actor role door before after"),
    "Account": _fields(open="kind disabled_at organisation roles tokens", name="name", contact="phone", access="login"),
    "RoleBinding": _fields(open="role starts_on ends_on account place organisation compound home"),
    "Invitation": _fields(open="created_at expires_at used_at home invited_by"),
    "ApiToken": _fields(open="scope created_at expires_at revoked_at last_used_at account", access="hint"),
    "IntakeKey": _fields(
        open="door created_at expires_at revoked_at last_used_at organisation", access="hint", technical="source_prefix"
    ),
    "NoticeTemplate": _fields(open="type language title body changed_at street"),
    "NoticeType": _fields(own="type meaning machines asked fields words"),
    "NoticeField": _fields(own="name meaning"),
    "NoticeWords": _fields(own="language title body"),
    "DutyRoster": _fields(open="name level compound_ids created_at ended_at organisation shifts"),
    "DutyShift": _fields(open="starts_at ends_at roster account organisation"),
    "Channel": _fields(
        open="kind hint created_at removed_at paused_at pause_reason breaker failing_since sequence old_secret_until types"
        " compound_ids least_severity quiet_from quiet_to digest digest_at language version organisation account notices"
    ),
    "Notice": _fields(
        open="type title body severity state sequence attempts created_at next_attempt_at due_at sent_at read_at last_error"
        " channel alert ticket compound digest deliveries"
    ),
    "NoticeAttempt": _fields(open="at outcome status milliseconds problem notice"),
    "Station": _fields(
        open="code name address latitude longitude opens closes police_point opened_at ended_at version open_now grid"
        " organisation office closures equipment items services points loans movements visits visit_stats history"
    ),
    "StationClosure": _fields(open="starts_at ends_at reason station", written="note"),
    "StationEquipment": _fields(open="kind name amount state state_since removed_at station", written="note"),
    "StationItem": _fields(
        open="kind name unit in_stock lent minimum low_since added_at removed_at short station loans movements"
    ),
    "StationLoan": _fields(open="slip state lent_at due_at closed_at overdue item station"),
    "StationMovement": _fields(open="kind amount in_stock at item station"),
    "StationService": _fields(open="kind name partner times starts_on ends_on station"),
    "StationPoint": _fields(open="kind name address latitude longitude opens closes opened_at ended_at station"),
    "StationVisit": _fields(open="hour visitors visits station"),
    "SheetImport": _fields(
        open="state kind facility_kind rows bad_rows fault_count started_at checked_at finished_at file compound book started_by"
        " jobs"
    ),
    "Job": _fields(
        open="kind state done total errors message started_at changed_at ended_at subject compound organisation started_by"
    ),
    "SheetFault": _fields(own="sheet row column message remedy"),
    "Zone": _fields(open="kind name declared_at ended_at covered compound cameras"),
    "ZoneCamera": _fields(open="since zone facility compound"),
    "CameraCoverage": _fields(own="declared covered percent missing"),
    "MissingZone": _fields(own="id kind name"),
    "FacilityKindInfo": _fields(own="kind words attributes"),
    "FacilityAttributeKind": _fields(own="key words type unit least most choices required norm clause"),
    "FacilityChoice": _fields(own="value words"),
    "FacilitySpell": _fields(own="status starts_at ends_at seconds going_on"),
    "FacilityDowntime": _fields(
        own="known_seconds down_seconds out_seconds maintenance_seconds degraded_seconds availability longest_down_seconds spells"
    ),
    "FacilityAvailability": _fields(
        own="key name facilities ever_down known_seconds down_seconds out_seconds maintenance_seconds degraded_seconds"
        " availability"
    ),
    "FacilityAttribute": _fields(own="key words value text unit below_norm"),
    "Post": _fields(
        open="kind name opens closes least_staff certified opened_at ended_at short_since version on_now compound stints history"
    ),
    "Payment": _fields(
        open="method state matched_by amount allocated refunded charged_back unallocated received_on entered_at reference"
        " voided_at version entered_by order bank_file book home allocations receipts refunds",
        written="void_reason",
    ),
    "Allocation": _fields(open="amount made_at undone_at payment bill home", written="undone_why"),
    "Receipt": _fields(open="number state amount issued_at voided_at payment book home invoice_request", written="void_reason"),
    "Refund": _fields(
        open="state amount requested_at decided_at done_at version requested_by decided_by payment book home",
        written="why answer",
    ),
    "PaymentMerchant": _fields(open="provider number set_at ended_at book reconciliations"),
    "PaymentOrder": _fields(
        open="state amount paid late bill_ids number pay_url problem opened_at expires_at ended_at opened_by book home"
    ),
    "Reconciliation": _fields(
        open="day state their_count our_count their_total our_total fee settled differences compared_at merchant book"
    ),
    "BankFile": _fields(open="state sha256 lines matched suspense known total entered_at entered_by book"),
    "InvoiceRequest": _fields(
        open="state buyer_kind buyer_code amount requested_at exported_at ended_at invoice_number receipt book home",
        written="problem",
    ),
    "PostStint": _fields(open="began_at ended_at lapsed certificate_until post account compound", written="note"),
    "VisitorPass": _fields(
        open="state people by_vehicle valid_from valid_until issued_at admitted_at left_at place compound", own="home"
    ),
    "UpkeepDue": _fields(open="what state due why cadence clause source apply_by last overdue facility compound"),
    "WorkOrder": _fields(
        open="kind state source planned_on due_on opened_at started_at done_at signed_at rejections faults asks_location distance"
        " version facility compound organisation assignee opened_by done_by signed_by ticket fault_ticket items parts files"
        " history",
        written="objection note",
    ),
    "WorkOrderItem": _fields(open="place code words unit result reading work_order", written="note"),
    "WorkOrderPart": _fields(open="place name quantity unit unit_price work_order"),
    "Inspection": _fields(open="kind result done_on until body report_number recorded_at recorded_by facility compound files"),
    "Hazard": _fields(
        open="grade state source outcome level found_count reopened_count found_at last_found_at due_at recheck_by assigned_at"
        " rectified_at closed_at late version facility building compound organisation assignee found_by rectified_by closed_by"
        " scan alert files history",
        written="what spot interim_measure remedy objection",
    ),
    "FireDrill": _fields(
        open="kind state planned_on held_on participants residents minutes planned_at version organisation compound history",
        written="lessons",
    ),
    "FirePact": _fields(open="signed_on ends_on duties homes_joined version organisation compound history"),
    "FireReport": _fields(
        own="month compounds kept rounds_planned rounds_done rounds_incomplete rounds_missed hazards_found major_hazards_found"
        " hazards_closed hazards_open hazards_late drills trainings participants alerts alerts_real alerts_false alerts_test"
        " alerts_duplicate alerts_unknown control_room_gaps control_room_gap_minutes without_keeper"
    ),
    "FireKeeper": _fields(own="organisation_id name basis since"),
    "FeeItem": _fields(
        open="code name kind account unit months rounding share_by tier_basis starts_on ended_on version book compound"
        " organisation prices shared_costs assignments"
    ),
    "FeePrice": _fields(open="starts_on price tiers basis basis_number basis_on fee_item"),
    "SharedCost": _fields(open="period_from period_to amount version fee_item", written="note"),
    "FeeAssignment": _fields(open="starts_on ends_on quantity discount exemption version fee_item home"),
    "Meter": _fields(open="code digits ratio value started_on ended_on read_on version fee_item home readings"),
    "MeterReading": _fields(open="read_on value used estimated rolled_over meter"),
    "BillRun": _fields(
        open="month state issued_on due_on homes bills faults total examples started_at ended_at version job book compound items"
        " fault_list issued",
        written="why",
    ),
    "BillRunItem": _fields(open="period_from period_to homes exempt already faults amount run fee_item"),
    "BillRunFault": _fields(open="fault run fee_item home"),
    "Bill": _fields(
        open="allocations"
        " number kind state period_from period_to issued_on due_on total paid credited open run corrects book home compound"
        " organisation lines credit_notes"
    ),
    "BillLine": _fields(
        open="number account description period_from period_to quantity unit unit_price factor amount credited tier withdrawn"
        " bill fee_item"
    ),
    "CreditNote": _fields(open="number kind amount issued_on bill book home lines", written="why"),
    "CreditNoteLine": _fields(open="amount credit_note bill_line"),
    "Suspension": _fields(open="starts_on ends_on filed_on filing facility compound", written="cause"),
    "UpkeepPlan": _fields(
        open="facility_kind kind measure every numbers months ahead_days warn_days asks_location off clause compound facility"
    ),
    "UpkeepDefault": _fields(
        own="facility_kind kind measure every numbers cadence clause ahead_days warn_days inspected countersigned checklist"
    ),
    "RoundPlan": _fields(
        open="kind name basis measure every times window_minutes ordered asks_photo within_m clause starts_on ends_on version"
        " organisation compound points rounds history"
    ),
    "RoundPoint": _fields(
        open="number name place latitude longitude items basis added_at ended_at fault fault_at building facility plan compound"
        " scans"
    ),
    "Round": _fields(
        open="kind state source opens_at closes_at open_now started_at ended_at points scanned not_ok version plan compound"
        " organisation started_by ended_by scans files history",
        written="left_out",
    ),
    "RoundScan": _fields(open="scanned_at source not_ok distance point round photo", written="answers"),
    "RoundDefault": _fields(own="kind basis module measure every times window_minutes clause checklist"),
    "OpenNearby": _fields(own="station_id point_id kind name address latitude longitude distance_metres until"),
    "Book": _fields(
        open="regime opened_on closed_on approval_limit version compound organisation accounts entries periods"
        " budget_lines expenses statements history"
    ),
    "LedgerAccount": _fields(open="code type fund book lines"),
    "JournalEntry": _fields(
        open="number booked_on kind posted_at source book compound reverses reversed_by lines", written="text"
    ),
    "IncomeAndExpense": _fields(own="since until compounds homes area_m2 size total lines collection funds peers"),
    "IncomeAndExpenseLine": _fields(
        own="period account compound_id compound_name income expense net income_budget expense_budget expense_of_budget"
        " income_year_before expense_year_before income_change expense_change income_per_m2 expense_per_m2 income_per_home"
        " expense_per_home"
    ),
    "Collection": _fields(own="billed paid rate"),
    "FundMovement": _fields(own="fund opening income cost used closing"),
    "PeerComparison": _fields(own="account own count lower median upper"),
    "CashForecast": _fields(
        own="fund opening months known_months interval_percent runs_dry_in runs_dry_earliest runs_dry_latest"
    ),
    "CashForecastMonth": _fields(own="month comes_in goes_out closing low high"),
    "SpendingAnomaly": _fields(
        own="kind rule compound_id compound_name book_id account_id account month amount usual times reason"
    ),
    "DoubtfulInvoices": _fields(own="fault compound_id compound_name book_id expense_ids amount reason"),
    "BudgetLine": _fields(open="code fund month amount set_at book compound", written="resolution"),
    "JournalLine": _fields(open="code fund debit credit category booked_on entry account compound", payer="home"),
    "Supplier": _fields(open="name credit_code added_at ended_at version organisation expenses"),
    "Expense": _fields(
        open="state category fund amount spent_on invoice_number invoice_on basis drafted_at submitted_at approved_at paid_on"
        " paid_from version book compound supplier alike ticket work_order drafted_by submitted_by approved_by files history",
        written="what said",
    ),
    "LedgerPeriod": _fields(open="month closed_at reopened_at book closed_by reopened_by", written="reopened_why"),
    "AccountBalance": _fields(own="code type fund debit credit balance"),
    "TrialBalance": _fields(own="until debit credit accounts"),
    "AccountStatementLine": _fields(own="line_id entry_id number booked_on kind debit credit balance"),
    "AccountStatement": _fields(own="code opening lines has_next_page end_cursor"),
    "BookStatementLine": _fields(own="code type fund category amount count"),
    "FundBalance": _fields(own="fund opening income expense moved closing held"),
    "BookStatement": _fields(own="since until income expense lines funds"),
    "ReminderLadder": _fields(open="steps running set_at version book compound organisation history"),
    "LateFeeTerms": _fields(
        open="contract_number per_day cap grace_days starts_on ends_on version book compound organisation history"
    ),
    "ArrearsCase": _fields(
        open="state opened_on closed_on step sent_on pay_by version book home compound organisation reminders court_files history"
    ),
    "Reminder": _fields(
        open="kind step amount bill_count oldest_due_on pay_by sent_at told message bills delivered_way delivered_on slip version"
        " case book home compound organisation history"
    ),
    "InstalmentPlan": _fields(
        open="state agreed_on ended_on total paid parts bill_ids version book home compound organisation instalments history"
    ),
    "Instalment": _fields(open="number due_on amount plan"),
    "BillDispute": _fields(
        open="reason state opened_at answered_at closed_at credited version bill book home compound organisation history",
        written="text answer",
    ),
    "LateFeeCharge": _fields(open="until days amount bill late_bill book home organisation"),
    "CourtFile": _fields(open="made_at amount bill_count sha256 case book home compound organisation made_by history"),
    "ArrearsSum": _fields(own="band homes amount"),
    "ArrearsAmount": _fields(own="band amount"),
    "ArrearsAgeing": _fields(own="book_id compound_id organisation_id homes amount bands"),
    "HomeInArrears": _fields(own="home_id code name due_on case_id amounts"),
    "HomesInArrears": _fields(own="homes end_cursor"),
    "Statement": _fields(
        open="state edition period_from period_to title content sha256 review drafted_at submitted_at review_by reviewed_at"
        " published_at version book compound organisation corrects lines questions history corrected_by",
        written="remarks corrected_why",
    ),
    "StatementLine": _fields(open="position part kind code name amount previous was entry_count statement entries"),
    "StatementEntry": _fields(open="number kind booked_on amount line entry"),
    "StatementQuestion": _fields(
        open="state asked_at answered_at hidden_at version statement line compound organisation history",
        written="body answer hidden_why",
    ),
    "SearchHit": _fields(own="kind subject_id name compound_id compound_name address"),
    "Query": _fields(
        open="node nodes places compounds compound"
        " compound_stats organisations mandates offices elections papers mandate_handovers facilities facility facility_stats"
        " devices device tickets ticket_stats ticket_deadlines ticket_deadline_stats sla_policies working_hours calendar_days"
        " rating_stats call_backs call_back_stats ticket_routes alerts alert_stats events"
        " invitations intake_keys api_tokens channels notices notice_templates duty_rosters duty_shifts"
        " budget_lines"
        " sheet_imports thresholds alert_rule_versions alert_cares silences alert_policies alert_sources alert_source_stats"
        " stations station station_items station_loans station_points station_visits station_visit_stats"
        " station_movements station_movement_stats joint_offices posts post_stints visitor_passes"
        " jobs job hazards hazard_stats round_plans rounds round_stats fire_drills fire_pacts"
        " fee_items fee_assignments meters bill_runs bills bill_stats credit_notes"
        " books journal_entries journal_lines suppliers expenses"
        " reminder_ladders late_fee_terms arrears_cases reminders instalment_plans bill_disputes late_fee_charges court_files"
        " payments receipts refunds payment_orders payment_merchants reconciliations bank_files invoice_requests"
        " statements statement_questions"
        " upkeep_dues upkeep_due_stats work_orders work_order_stats inspections suspensions upkeep_plans",
        own="viewer file_links checks sla_defaults alert_rules steward_modules steward_module ticket_suggestion"
        " notice_types open_nearby search facility_kinds facility_attributes facility_downtime facility_availability"
        " coverage coverage_trend lacking trend sheet_import_faults camera_coverage upkeep_defaults round_defaults"
        " fire_report fire_keeper trial_balance account_statement book_statement"
        " arrears_ageing homes_in_arrears"
        " income_and_expense cash_forecast spending_anomalies doubtful_invoices",
    ),
    "Subscription": _fields(open="alert_changed notice_changed ticket_changed job_changed"),
    "ViewerNode": _fields(own="id name phone roles scope sessions identities"),
    "ViewerIdentity": _fields(own="issuer subject linked_at"),
    "ViewerRole": _fields(own="role compound_count"),
    "ViewerSession": _fields(own="id client created_at last_used_at expires_at current"),
    "TicketSuggestion": _fields(own="kinds categories priority duplicates organisation_id assignee_id why"),
    "SuggestedKind": _fields(own="kind score cues"),
    "SuggestedCategory": _fields(own="category score cues"),
    "SuggestedPriority": _fields(own="priority score cues"),
    "SuggestedDuplicate": _fields(own="ticket_id number state score"),
    "UserError": _fields(own="code field message hint"),
    # What acts answer besides the rows that they made or changed, and besides errors.
    "CheckRunPayload": _fields(own="check"),
    "LogInPayload": _fields(own="token expires_at refresh_token session_expires_at password_change_required"),
    "SessionRefreshPayload": _fields(own="token expires_at refresh_token session_expires_at"),
    "LateFeesChargePayload": _fields(own="late_bills"),
    "LogOutEverywherePayload": _fields(own="ended"),
    "PasswordChangePayload": _fields(own="done"),
    "PhoneChangePayload": _fields(own="phone"),
    "UnmaskPayload": _fields(own="phone"),
    "FindByPhonePayload": _fields(own="ids"),
    "RegisterResidentPayload": _fields(own="done"),
    "ResidentInvitePayload": _fields(own="code expires_at"),
    **dict.fromkeys(("VisitorPassIssuePayload", "VisitorPassHandOutPayload"), _fields(own="code")),
    **dict.fromkeys(("VisitorPassAdmitPayload", "VisitorPassLeavePayload"), _fields(own="again")),
    "InvoiceExportPayload": _fields(own="content"),
    "AccountCreatePayload": _fields(own="secret"),
    "AccountResetPasswordPayload": _fields(own="secret"),
    "ApiTokenCreatePayload": _fields(own="secret"),
    "ApiTokenRotatePayload": _fields(own="secret"),
    "KeyCreatePayload": _fields(own="secret"),
    "KeyRotatePayload": _fields(own="secret"),
    "ChannelAddPayload": _fields(own="secret"),
    "BudgetDrawPayload": _fields(own="accounts"),
    "RoundPointPrintPayload": _fields(own="code qr"),
    "RoundPointRenewPayload": _fields(own="code qr"),
    "ChannelResendPayload": _fields(own="count"),
    "WebhookReplayPayload": _fields(own="count last_sequence"),
    "WebhookRotateSecretPayload": _fields(own="secret"),
}


def class_of(type_name: str, field: str) -> DataClass | None:
    """The class of a field; None where the table does not know it."""
    return DataClass.OPEN if field == "id" and type_name in READ else FIELDS.get(type_name, {}).get(field)
