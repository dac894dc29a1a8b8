"""Which IP addresses the fetcher may connect to: public unicast only, by an own table.

`ipaddress.is_global` answers another question and changes between interpreters (16 of 41 special-purpose
addresses passed on Python 3.11.7), so it is not used.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The IANA special-purpose registries (RFC 6890 and its updates) with the registry's own names. Blocks that the
# registry calls globally reachable (AS112, AMT, PCP anycast) are listed too: no website lives there.
_SPECIAL_V4 = (
    ("0.0.0.0/8", "This network"),
    ("10.0.0.0/8", "Private-Use"),
    ("100.64.0.0/10", "Shared Address Space"),
    ("127.0.0.0/8", "Loopback"),
    ("169.254.0.0/16", "Link Local"),
    ("172.16.0.0/12", "Private-Use"),
    ("192.0.0.0/24", "IETF Protocol Assignments"),
    ("192.0.2.0/24", "Documentation (TEST-NET-1)"),
    ("192.31.196.0/24", "AS112-v4"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "Deprecated (6to4 Relay Anycast)"),
    ("192.168.0.0/16", "Private-Use"),
    ("192.175.48.0/24", "Direct Delegation AS112 Service"),
    ("198.18.0.0/15", "Benchmarking"),
    ("198.51.100.0/24", "Documentation (TEST-NET-2)"),
    ("203.0.113.0/24", "Documentation (TEST-NET-3)"),
    ("224.0.0.0/4", "Multicast"),
    ("240.0.0.0/4", "Reserved, with Limited Broadcast"),
    # Not in the registry: a public number that answers only inside Azure, with the machine's secrets.
    ("168.63.129.16/32", "Azure platform address"),
)
_SPECIAL_V6 = (
    ("::/96", "Unspecified, Loopback, and IPv4-Compatible (deprecated, RFC 4291)"),
    ("::ffff:0:0/96", "IPv4-mapped Address"),
    ("::ffff:0:0:0/96", "IPv4-translated (RFC 2765)"),
    ("64:ff9b:1::/48", "IPv4-IPv6 Translation, local use"),
    ("100::/64", "Discard-Only Address Block"),
    ("100:0:0:1::/64", "Dummy IPv6 Prefix"),
    ("2001::/23", "IETF Protocol Assignments (TEREDO, Benchmarking, AMT, AS112-v6, ORCHID, ORCHIDv2, DETs)"),
    ("2001:db8::/32", "Documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "Direct Delegation AS112 Service"),
    ("3fff::/20", "Documentation"),
    ("5f00::/16", "Segment Routing (SRv6) SIDs"),
    ("fc00::/7", "Unique-Local"),
    ("fe80::/10", "Link-Local Unicast"),
    ("fec0::/10", "Site-Local (deprecated, RFC 3879)"),
    ("ff00::/8", "Multicast"),
)
SPECIAL_PURPOSE: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), name) for network, name in (*_SPECIAL_V4, *_SPECIAL_V6)
)
# The only IPv6 block that IANA hands out for global unicast; all the rest is unassigned.
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
# An IPv6-only network reaches IPv4 sites through this prefix (RFC 6052), so the IPv4 inside decides.
_TRANSLATED_V4 = IPv6Network("64:ff9b::/96")

_V4_PART = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def is_public(address: Address | str) -> bool:
    """True when `address` is ordinary public unicast. A text that is no address is not public."""
    return special_purpose(address) is None


def special_purpose(address: Address | str) -> str | None:
    """Why `address` may not be fetched, in the registry's words, or None when it is public."""
    if isinstance(address, str):
        try:
            address = ip_address(address)
        except ValueError:
            return "not an IP address"
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "an address with a zone"
        if address in _TRANSLATED_V4:
            return special_purpose(IPv4Address(int(address) & 0xFFFF_FFFF))
    for network, name in SPECIAL_PURPOSE:
        if address.version == network.version and address in network:
            return name
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST_V6:
        return "not in the global unicast block 2000::/3"
    return None


def ends_in_a_number(host: str) -> bool:
    """True when browsers take `host` for an IPv4 address in one of its odd spellings (WHATWG URL, 3.5)."""
    last = host.rsplit(".", 1)[-1]
    return bool(re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", last))


def read_ipv4(host: str) -> IPv4Address | None:
    """Read `host` as browsers and inet_aton do (one to four decimal, octal or hex parts); None if it is none."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_V4_PART.fullmatch(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    if None in numbers:
        return None
    *heads, tail = [number for number in numbers if number is not None]
    if any(head > 255 for head in heads) or tail >= 256 ** (5 - len(numbers)):
        return None
    return IPv4Address(tail + sum(head << (8 * (3 - place)) for place, head in enumerate(heads)))


def _number(part: str) -> int | None:
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    if len(part) > 1 and part.startswith("0"):
        return int(part, 8) if not set(part) & {"8", "9"} else None
    return int(part)
