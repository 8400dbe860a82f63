"""What is past due, as the bills say it. Money of a home that waits to be allocated counts as paid."""

#: Bills ``b`` that are past due on $1 and may be asked for: neither disputed nor in a plan that is kept.
ASKED = """
b.open > 0 AND b.due_on < $1::date
AND NOT EXISTS (SELECT FROM bill_dispute d WHERE d.bill_id = b.id AND d.closed_at IS NULL)
AND NOT EXISTS (
    SELECT FROM instalment_plan p
    WHERE p.home_id = b.home_id AND p.book_id = b.book_id AND p.state = 'RUNNING' AND p.bill_ids ? b.id
)
"""
#: Yuan that the home ``b`` has paid to the book and that are not allocated.
PREPAID = """
coalesce((
    SELECT sum(l.credit - l.debit) FROM journal_line l
    WHERE l.home_id = b.home_id AND l.code = 'PREPAID' AND l.book_id = b.book_id
), 0)
"""
