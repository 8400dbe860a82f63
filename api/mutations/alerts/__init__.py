"""Mutations on alerts: what people do to them, and what they decide about when there is one and who is told."""

from . import acts, policies, silences, thresholds, versions

#: All of them, in the order of the schema.
ALERTS = [
    acts.alert_acknowledge,
    acts.alert_clear,
    silences.alert_shelve,
    silences.alert_unshelve,
    silences.silence_create,
    silences.silence_end,
    policies.alert_policy_set,
    thresholds.threshold_set,
    versions.alert_rule_draft,
    versions.alert_rule_dry_run,
    versions.alert_rule_publish,
    versions.alert_rule_retire,
]
