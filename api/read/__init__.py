"""The read engine: a selection of bound fields becomes one SQL statement whose result is the response's JSON.

declare.py      how a type is bound to its table       types.py      declarations as strawberry types
documents.py    parsed documents, bounded caches       limits.py     what a document may be
arguments.py    shapes and getters of arguments        cost.py       what an operation may cost
select.py       fragments and directives resolved      compile.py    selection → SQL
connections.py  pages of a connection                  cursors.py    keyset cursors
source.py       statements run                         pool.py       the database connections
verify.py       what is declared can be served
engine.py       runs requests                          responses.py  JSON of responses and errors
watching.py     subscriptions, read for many at once   errors.py     the codes of errors
"""

from .compile import Proof
from .engine import Engine, Request, Response
from .errors import Unproven

__all__ = ["Engine", "Proof", "Request", "Response", "Unproven"]
