"""Why a notice was not delivered, in words that hold no secret."""


class Undelivered(Exception):
    """The channel did not accept the notice. The message is shown to people: no part of a target, no secret."""
