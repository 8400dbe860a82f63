"""The kind and the place of an organisation tell what its people reach: a change of them changes who sees what."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0009_roles")]

    initial = False

    operations = [
        ops.RunSQL(
            "CREATE TRIGGER access_changed AFTER UPDATE OF id, kind, place_id OR DELETE OR TRUNCATE ON organisation"
            " FOR EACH STATEMENT EXECUTE FUNCTION access_has_changed()"
        ),
    ]
