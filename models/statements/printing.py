"""A statement as a file: the same content that its hash is of, on paper or in a sheet."""

from domain.printed import Printed
from domain.statements import read_content
from domain.statements.printed import Standing, printed
from models.calendar import zone

from .rows import Statement


def page_of(statement: Statement) -> Printed:
    """What is printed of the statement."""
    head, lines = read_content(statement.content)
    published = statement.published_at and statement.published_at.astimezone(zone()).date()
    return printed(head, lines, Standing(statement.state, statement.review, published, statement.sha256))
