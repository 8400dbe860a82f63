"""The read engine: a selection of bound fields becomes one SQL statement whose result is the response's JSON.

Declaring
declare.py      how a type is bound to its table       types.py       declarations as strawberry types
disclosure.py   what the policy says of fields         verify.py      whether the database can serve them

From document to statement
documents.py    parsed documents, bounded caches       limits.py      what a document may be
arguments.py    shapes and getters of arguments        cost.py        what an operation may cost
select.py       fragments and directives resolved      compile.py     a root field put together
connections.py  pages of a connection                  cursors.py     keyset cursors
stats.py        counts by group                        rows.py        which rows: of the parent, seen, filtered
visibility.py   which rows the viewer sees             texts.py       JSON texts in SQL
statement.py    SQL and its parameters                 writer.py      what its writers share

Running
engine.py       runs requests                          mixed.py       what graphql-core runs, bound parts spliced in
operation.py    a request made ready                   responses.py   JSON of responses and errors
source.py       statements run                         pool.py        the database connections
watching.py     subscriptions, read for many at once   errors.py      the codes of errors
"""

from .engine import Engine, Response
from .errors import Unproven
from .operation import Request
from .statement import Proof

__all__ = ["Engine", "Proof", "Request", "Response", "Unproven"]
