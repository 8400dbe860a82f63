"""What the demo draws by lot, always the same for the same seed: random streams, and ids like any other typed id."""

from random import Random

from models.ids import encode

#: 2024-01-01 in milliseconds; the time part of every demo id counts up from here.
_START = 1_704_067_200_000
_PER_ORDINAL = 1_000_000
_LOW = (1 << 62) - 1


def lots(seed: int, key: str) -> Random:
    """A stream of draws decided by ``seed`` and ``key`` alone, whatever else is drawn."""
    return Random(f"{seed}/{key}")  # noqa: S311 nothing secret depends on it


class Ids:
    """A stream of typed ids decided by ``seed``, ``key`` and ``ordinal`` alone.

    Streams with a higher ordinal give ids that sort later, so that rows written in order land at an index's end.
    """

    def __init__(self, seed: int, key: str, ordinal: int = 0) -> None:
        self._bits = lots(seed, f"{key}/ids").getrandbits
        self._time = _START + ordinal * _PER_ORDINAL

    def new(self, prefix: str) -> str:
        """The next id of the kind that ``prefix`` names: a UUIDv7 in form."""
        self._time += 1
        bits = self._bits(74)
        return f"{prefix}_{encode(self._time << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & _LOW)}"
