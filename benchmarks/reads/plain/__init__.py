"""What good practice gives in Python: strawberry types over Tortoise rows, a DataLoader for each relation, granian.

It answers the documents of ``queries`` and no others. It looks up no viewer; root fields are of the one street named by
``STREET``. To-many relations are loaded by one LATERAL query for all parents, which is more than most write.
"""

from .asking import create_app

__all__ = ["create_app"]
