"""Roles that the tables of the policy name together."""

from domain.access import Role

STREET_WIDE = (Role.STREET_OFFICER, Role.AUDITOR)
LOCAL = (Role.COMMUNITY_STAFF, Role.GRID_WORKER)
COMPANY = (Role.COMPANY_MANAGER, Role.COMPANY_STAFF)
STAFF = (Role.STREET_OFFICER, *LOCAL, *COMPANY)
