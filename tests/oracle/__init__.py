"""The oracle: a slow, obvious executor that the read engine must agree with.

``rows.py`` copies every declared table into plain rows and decides row by row what a viewer sees; ``pages.py`` sorts
and cuts lists; ``executor.py`` lets graphql-core's own ``execute`` answer from them. ``world.py`` fills a small
database with the values of ``hostile.py``. Documents come from ``documents.py`` (with ``arguments.py``), from
hypothesis-graphql (``wild.py``) and by hand (``hard.py``). ``house.py`` lets both sides run each of them, for some
viewer and language, generated ones twice, mostly with one variable changed so that the second run meets the first one's
statement: ``data`` must be the same to every key, value and their order, and so must be the paths of the errors. What
mutations answer of rows (``test_payloads.py``) is held against the database as it is afterwards.

What both read is the declaration of each type (table, key, order, filter), which the engine has to carry out. Scope,
filters, orders, pages, fragments and directives are done again here. The oracle refuses a kind of binding that it
has not been taught: say in ``executor.py`` what it means, in lists. A new type needs rows in ``world.py``.

    pytest tests/oracle                             2,000 documents, 50 of hypothesis-graphql, 50 subscriptions: a minute
    ORACLE_SEED=7 pytest tests/oracle               others; the seed of a run is printed at its end
    ORACLE_DOCUMENTS=100000 pytest tests/oracle     the long mode: fifty times as many, in most of an hour

The same seed makes the same documents; runs that shall not repeat each other take seeds a thousand apart or more. A failure
shows the smallest document that fails, its variables, the viewer, and where the answers part.
"""

import os

#: How many documents of our own a run compares, and from which seed they are made.
DOCUMENTS = int(os.environ.get("ORACLE_DOCUMENTS", "2000"))
SEED = int(os.environ.get("ORACLE_SEED", "20260301"))
