"""The read engine: a selection of bound fields becomes one SQL statement whose result is the response's JSON.

declare.py   how a type is bound to its table          types.py      declarations as strawberry types
documents.py parsed documents, bounded caches          arguments.py  shapes and getters of arguments
select.py    fragments and directives resolved         compile.py    selection → SQL
connections.py pages of a connection               cursors.py    keyset cursors
source.py    the database connections                verify.py     what is declared can be served
engine.py    runs requests                             responses.py  JSON of responses and errors
watching.py  subscriptions, read for many at once
"""

from .engine import Engine, Request, Response

__all__ = ["Engine", "Request", "Response"]
