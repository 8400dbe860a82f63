"""The root fields of queries."""

from datetime import datetime
from typing import Any

import strawberry

from api.ageing import arrears_ageing, homes_in_arrears_field
from api.alerts.rules import alert_rules
from api.analysis import cash_forecast, doubtful_invoices_field, income_and_expense_field, spending_anomalies
from api.checks import checks
from api.coverage import coverage, coverage_trend, lacking_compounds
from api.deadlines import sla_defaults
from api.enums import graphql_enum
from api.facilities.availability import facility_availability, facility_downtime
from api.facilities.coverage import camera_coverage
from api.facilities.kinds import facility_attributes, facility_kinds
from api.figures import trend
from api.files import file_links
from api.fire_pacts import fire_keeper
from api.fire_reports import fire_report
from api.ledger.statements import account_statement, book_statement, trial_balance
from api.notices import notice_types
from api.read.declare import lookup, many, node_by_id, nodes_by_ids, stats
from api.read.types import bound
from api.rounds import round_defaults
from api.search import search
from api.sheets import sheet_import_faults
from api.stations import open_nearby
from api.steward import steward_module, steward_modules
from api.suggestions import ticket_suggestion
from api.upkeep import upkeep_defaults
from domain.access import Role, Scope, Viewer
from models import Account
from models.identities import identities_of
from models.sessions import sessions_of

graphql_enum(Role)
graphql_enum(Scope)


@strawberry.type(description="A role the viewer holds now (角色), and how much it reaches.")
class ViewerRole:
    role: Role = strawberry.field(description="Role (角色).")
    compound_count: int = strawberry.field(description="How many compounds it reaches by name; 0 for the whole street.")


@strawberry.type(description="One of the viewer's log-ins that is not over (会话).")
class ViewerSession:
    id: strawberry.ID = strawberry.field(description="Id, for sessionRevoke.")
    client: str = strawberry.field(description="Family of the client (客户端); nothing else of it is kept.")
    created_at: datetime = strawberry.field(description="When it began (登录时间).")
    last_used_at: datetime = strawberry.field(description="When it was last refreshed (最近使用时间).")
    expires_at: datetime = strawberry.field(description="When it ends (到期时间).")
    current: bool = strawberry.field(description="Whether this request was made in it (当前会话).")


@strawberry.type(description="A log-in elsewhere that is taken for the viewer (身份关联), as an administrator linked it.")
class ViewerIdentity:
    issuer: str = strawberry.field(description="Issuer (身份提供方).")
    subject: str = strawberry.field(description="Who you are there (身份标识).")
    linked_at: datetime = strawberry.field(description="When it was linked (关联时间).")


@strawberry.type(description="Who is asking (当前用户).")
class ViewerNode:
    id: strawberry.ID = strawberry.field(description="Id of the account.")
    name: str = strawberry.field(description="Shown name (姓名).")
    roles: list[ViewerRole] = strawberry.field(description="Roles held today (当前角色).")
    scope: Scope = strawberry.field(description="What the token that was sent is good for (令牌权限).")

    @strawberry.field(description="Your telephone number (电话), masked; null: none.")
    async def phone(self, info: strawberry.Info[Any, None]) -> str | None:
        viewer: Viewer = info.context.viewer
        if viewer.account_id is None or viewer.scope is Scope.PASSWORD:
            return None
        return (await Account.get(id=viewer.account_id)).phone_masked

    @strawberry.field(description="Your sessions (会话) that are not over, the latest used first; a hundred at most.")
    async def sessions(self, info: strawberry.Info[Any, None]) -> list[ViewerSession]:
        viewer: Viewer = info.context.viewer
        if viewer.account_id is None or viewer.scope is not Scope.WRITE:
            return []
        return [
            ViewerSession(
                id=strawberry.ID(session.id),
                client=session.label,
                created_at=session.created_at,
                last_used_at=session.last_used_at,
                expires_at=session.expires_at,
                current=session.id == viewer.session_id,
            )
            for session in await sessions_of(viewer.account_id)
        ]

    @strawberry.field(
        description="Log-ins elsewhere that are taken for you (身份关联). One that is not yours lets somebody else in."
    )
    async def identities(self, info: strawberry.Info[Any, None]) -> list[ViewerIdentity]:
        viewer: Viewer = info.context.viewer
        if viewer.account_id is None or viewer.scope is Scope.PASSWORD:
            return []
        return [
            ViewerIdentity(issuer=each.issuer, subject=each.subject, linked_at=each.created_at)
            for each in await identities_of(viewer.account_id)
        ]


@bound("Where reading starts.")
class Query:
    node = node_by_id("The object of that id, null where there is none that the viewer may see.")
    nodes = nodes_by_ids("The objects of these ids, in their order; null where the viewer sees none.")
    places = many("Place", "Places (地域): streets, communities, villages, grids.", sort="code")
    compounds = many("Compound", "Compounds (小区).", sort="code")
    compound = lookup("Compound", "The compound of that code.", by="code")
    compound_stats = stats("Compound", "Compounds counted (小区统计).")
    organisations = many("Organisation", "Organisations (组织).", sort="code")
    mandates = many("Mandate", "Mandates (服务与治理关系).", sort="starts_on")
    mandate_handovers = many("MandateHandover", "Handovers of mandates (交接), the newest first.", sort="-handed_over_on")
    offices = many("Office", "Offices in organisations (任职).", sort="starts_on")
    elections = many("Election", "Elections (换届), the newest terms first.", sort="-term_starts_on")
    papers = many("Paper", "Qualification papers (资质), those that run out first first.", sort="valid_to")
    facilities = many("Facility", "Facilities (设施).", sort="code")
    facility = lookup("Facility", "The facility of that code (按编码查设施); a QR code holds its id, for node(id:).", by="code")
    devices = many("Device", "Devices (设备).", sort="code")
    device = lookup("Device", "The device of that code.", by="code")
    tickets = many("Ticket", "Tickets (工单), newest first.", sort="-opened_at")
    ticket_stats = stats("Ticket", "Tickets counted (工单统计).")
    ticket_deadlines = many("TicketDeadline", "Deadlines (时限) of tickets, the next first.", sort="due")
    ticket_deadline_stats = stats("TicketDeadline", "Deadlines counted (时限统计).")
    sla_policies = many("SlaPolicy", "Time limits that were set (时限规定).", sort="kind")
    sla_defaults = sla_defaults
    working_hours = many("WorkingHours", "Working hours that were set (工作时间).", sort="hours")
    calendar_days = many("CalendarDay", "Days of the streets' own calendars (日历调整).", sort="day")
    ticket_suggestion = ticket_suggestion
    rating_stats = stats("TicketRating", "Ratings counted (评价统计).")
    call_backs = many("CallBack", "Call-backs (回访), the latest days first.", sort="-closed_on")
    call_back_stats = stats("CallBack", "Call-backs counted (回访统计).")
    ticket_routes = many("TicketRoute", "Where the street sends tickets (分派规则), replaced ones too.", sort="set_at")
    alerts = many("Alert", "Alerts (告警), newest first.", sort="-last_seen_at")
    alert_stats = stats("Alert", "Alerts counted (告警统计).")
    thresholds = many("Threshold", "Figures (阈值) that a street, compound, facility or device has of its own.", sort="rule")
    alert_rule_versions = many("AlertRuleVersion", "Streets' own versions of rules (规则版本), newest first.", sort="-drafted_at")
    alert_rules = alert_rules
    steward_modules = steward_modules
    steward_module = steward_module
    alert_cares = many("AlertCare", "Care for alerts (告警跟进), newest first.", sort="-raised_at")
    silences = many("Silence", "Silences (静默), newest first.", sort="-created_at")
    alert_policies = many(
        "AlertPolicy", "Figures of telling alerts (告警通知参数) that streets have of their own.", sort="severity"
    )
    alert_sources = many("AlertSource", "Where alerts come from (告警来源), the most first: the nuisance report.", sort="-raised")
    alert_source_stats = stats("AlertSource", "Where alerts come from, counted (告警来源统计).")
    facility_kinds = facility_kinds
    facility_attributes = facility_attributes
    camera_coverage = camera_coverage
    jobs = many("Job", "Jobs (任务): long work that was asked for, the latest first.", sort="-started_at")
    job = lookup("Job", "The job of that id (按编号查任务), and how far it is.", by="id")
    sheet_imports = many("SheetImport", "Imports of sheets (表格导入), newest first.", sort="-started_at")
    sheet_import_faults = sheet_import_faults
    facility_downtime = facility_downtime
    facility_availability = facility_availability
    facility_stats = stats("Facility", "Facilities counted (设施统计).")
    events = many("Event", "Events (事件), newest first.", sort="-received_at")
    invitations = many("Invitation", "Invitations (邀请) of residents, newest first.", sort="-created_at")
    intake_keys = many("IntakeKey", "Intake keys (接入密钥).", sort="created_at")
    api_tokens = many("ApiToken", "API tokens (令牌) of service accounts.", sort="created_at")
    channels = many("Channel", "Channels (通知渠道).", sort="created_at")
    duty_rosters = many("DutyRoster", "Duty rosters (值班表).", sort="created_at")
    duty_shifts = many("DutyShift", "Duty shifts (班次), the earliest first.", sort="starts_at")
    notices = many("Notice", "Notices (通知), newest first.", sort="-created_at")
    notice_templates = many("NoticeTemplate", "Notice templates (通知模板) of streets, by type.", sort="type")
    notice_types = notice_types
    stations = many("Station", "Warm stations (暖新驿站).", sort="code")
    station = lookup("Station", "The warm station of that code.", by="code")
    station_items = many("StationItem", "What stations have in stock (驿站物品).", sort="kind")
    station_points = many("StationPoint", "Service points of stations (服务点).", sort="kind")
    station_loans = many("StationLoan", "What stations lent (借用), the newest first.", sort="-lent_at")
    station_movements = many("StationMovement", "How stations' stock changed (出入库), the newest first.", sort="-at")
    station_movement_stats = stats("StationMovement", "Movements of stock counted (出入库统计).")
    station_visits = many("StationVisit", "Visits to stations by the hour (驿站人次), the newest first.", sort="-hour")
    station_visit_stats = stats("StationVisit", "Visits to stations counted (人次统计).")
    upkeep_dues = many("UpkeepDue", "What is due of facilities (维保到期), the next first.", sort="due_on")
    upkeep_due_stats = stats("UpkeepDue", "What is due, counted (维保到期统计).")
    work_orders = many("WorkOrder", "Work orders (作业单), newest first.", sort="-opened_at")
    work_order_stats = stats("WorkOrder", "Work orders counted (作业单统计).")
    inspections = many("Inspection", "Inspections on record (检验检测), the latest first.", sort="-done_on")
    suspensions = many("Suspension", "Suspensions of lifts (停用记录), the latest first.", sort="-starts_on")
    upkeep_plans = many("UpkeepPlan", "Plans that were set (维保计划).", sort="facility_kind")
    upkeep_defaults = upkeep_defaults
    round_plans = many("RoundPlan", "Plans of rounds (巡查计划), the latest first.", sort="-starts_on")
    rounds = many("Round", "Rounds (巡查), the latest first.", sort="-opens_at")
    round_stats = stats("Round", "Rounds counted (巡查统计).")
    round_defaults = round_defaults
    posts = many("Post", "Staffed posts (值守岗位).", sort="opened_at")
    post_stints = many("PostStint", "Stints at posts (值守记录), the newest first.", sort="-began_at")
    visitor_passes = many(
        "VisitorPass",
        "Visitor passes (访客通行码): one's own, and at a gate those of today; the latest first.",
        sort="-valid_from",
    )
    fire_keeper = fire_keeper
    fire_report = fire_report
    open_nearby = open_nearby
    hazards = many("Hazard", "Hazards (隐患), newest first.", sort="-found_at")
    hazard_stats = stats("Hazard", "Hazards counted (隐患统计).")
    fire_drills = many("FireDrill", "Fire drills and trainings (消防演练、培训), newest first.", sort="-planned_on")
    fire_pacts = many("FirePact", "Fire pacts (消防公约).", sort="-signed_on")
    books = many("Book", "Books (账套), the earliest opened first.", sort="opened_on")
    budget_lines = many("BudgetLine", "What is planned (预算), the latest month first.", sort="-month")
    journal_entries = many("JournalEntry", "Entries of the books (记账凭证), the latest first.", sort="-booked_on")
    journal_lines = many("JournalLine", "Lines of the books (分录), the latest first.", sort="-booked_on")
    fee_items = many("FeeItem", "Fee items (收费项目).", sort="code")
    fee_assignments = many("FeeAssignment", "Homes' parts in fee items (收费项目分配).", sort="-starts_on")
    meters = many("Meter", "Meters (计量表).", sort="-started_on")
    bill_runs = many("BillRun", "Bill runs (出账批次), the latest month first.", sort="-month")
    bills = many("Bill", "Bills (账单), the latest first.", sort="-issued_on")
    bill_stats = stats("Bill", "Bills counted and added up (账单统计).")
    credit_notes = many("CreditNote", "Credit notes (冲减单), the latest first.", sort="-issued_on")
    suppliers = many("Supplier", "Suppliers (供应商) of organisations.", sort="name")
    expenses = many("Expense", "Expenses (支出), the latest first.", sort="-spent_on")
    trial_balance = trial_balance
    income_and_expense = income_and_expense_field
    cash_forecast = cash_forecast
    spending_anomalies = spending_anomalies
    doubtful_invoices = doubtful_invoices_field
    account_statement = account_statement
    book_statement = book_statement
    arrears_ageing = arrears_ageing
    homes_in_arrears = homes_in_arrears_field
    arrears_cases = many("ArrearsCase", "Arrears cases (欠费催缴), the latest first.", sort="-opened_on")
    reminders = many("Reminder", "Reminders (催缴记录), the latest first.", sort="-sent_at")
    reminder_ladders = many("ReminderLadder", "Reminder ladders (催缴阶梯) of books.", sort="-set_at")
    instalment_plans = many("InstalmentPlan", "Instalment plans (分期), the latest first.", sort="-agreed_on")
    bill_disputes = many("BillDispute", "Disputes of bills (账单异议), the latest first.", sort="-opened_at")
    late_fee_terms = many("LateFeeTerms", "Late fee terms (违约金约定) of books, the latest first.", sort="-starts_on")
    late_fee_charges = many("LateFeeCharge", "Late fees (违约金) that were billed, the latest first.", sort="-until")
    court_files = many("CourtFile", "Files for courts and arbitrations (移交材料), the latest first.", sort="-made_at")
    payments = many("Payment", "Payments (收款), newest first.", sort="-entered_at")
    receipts = many("Receipt", "Receipts (收据), the highest number first.", sort="-number")
    refunds = many("Refund", "Refunds (退款), newest first.", sort="-requested_at")
    payment_orders = many("PaymentOrder", "Orders to pay online (支付订单), newest first.", sort="-opened_at")
    payment_merchants = many("PaymentMerchant", "Contracts with payment providers (支付商户), newest first.", sort="-set_at")
    reconciliations = many("Reconciliation", "Days compared with providers' files (对账), the latest first.", sort="-day")
    bank_files = many("BankFile", "Banks' statements that were entered (银行对账文件), newest first.", sort="-entered_at")
    invoice_requests = many("InvoiceRequest", "Requests for invoices (开票申请), newest first.", sort="-requested_at")
    statements = many("Statement", "Statements to the owners (收支公示), the latest period first.", sort="-period_from")
    statement_questions = many("StatementQuestion", "Questions about statements (公示提问), newest first.", sort="-asked_at")
    joint_offices = many("JointOffice", "Joint offices (合署办公点).", sort="starts_on")
    coverage = coverage
    coverage_trend = coverage_trend
    lacking = lacking_compounds
    trend = trend
    search = search
    file_links = file_links
    checks = checks

    @strawberry.field(description="Who is asking; null when nobody is logged in.")
    def viewer(self, info: strawberry.Info[Any, None]) -> ViewerNode | None:
        viewer = info.context.viewer
        if viewer.account_id is None:
            return None
        return ViewerNode(
            id=strawberry.ID(viewer.account_id),
            name=viewer.name,
            scope=viewer.scope,
            roles=[ViewerRole(role=role, compound_count=len(held.get("compound", ()))) for role, held in viewer.reach.items()],
        )
