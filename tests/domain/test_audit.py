"""Of a client's address only the network is kept."""

import pytest

from domain.audit import network


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", None),
        ("unknown", None),
        ("203.0.113.77, 198.51.100.1", None),
        ("<script>", None),
    ],
)
def test_the_network_of_an_address_is_kept_and_nothing_of_what_is_none(address: str, kept: str | None) -> None:
    assert network(address) == kept
