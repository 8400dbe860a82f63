"""Who holds which role is seen like everything else: by its street, and by who holds it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrations import Declared

#: Filled where rows are there already, then as strict as elsewhere.
STREET = """
ALTER TABLE role_binding ADD street_id varchar(30);
UPDATE role_binding b SET street_id = a.street_id FROM account a WHERE a.id = b.account_id;
ALTER TABLE role_binding ALTER street_id SET NOT NULL, ADD FOREIGN KEY (street_id) REFERENCES place (id);
CREATE INDEX role_binding_account ON role_binding (account_id, starts_on, id);
CREATE INDEX invitation_street ON invitation (street_id, created_at, id) INCLUDE (home_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0008_files")]

    initial = False

    operations = [
        Declared("RoleBinding", "street_id", fields.CharField(max_length=30)),
        ops.RunSQL(STREET),
    ]
