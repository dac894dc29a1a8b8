# ruff: noqa: S104 - addresses are read, nothing is bound
"""Only ordinary public unicast addresses are public."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.fetch.addresses import SPECIAL_PURPOSE, is_public, read_ipv4, special_purpose

INTERNAL_V4 = (
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.31.255.255",
    "169.254.169.254",
    "0.0.0.0",
    "100.100.100.200",
)
PUBLIC = (
    "8.8.8.8", "1.1.1.1", "223.255.255.255", "100.63.255.255", "100.128.0.0", "172.32.0.0", "198.17.255.255",
    "198.20.0.0", "2001:4860:4860::8888", "2606:4700::1111", "2001:200::1", "2a00::1", "2003::1", "64:ff9b::808:808",
)  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_an_ordinary_address_is_public(text: str) -> None:
    assert is_public(text)


@pytest.mark.parametrize(("network", "name"), SPECIAL_PURPOSE, ids=str)
def test_both_ends_of_every_special_network_are_refused(network: object, name: str) -> None:
    block = ip_network(str(network))
    assert special_purpose(block[0]) is not None
    assert special_purpose(block[-1]) is not None


@pytest.mark.parametrize("inner", INTERNAL_V4)
@pytest.mark.parametrize(
    "shape", ["::{}", "::ffff:{}", "64:ff9b::{}", "64:ff9b:1::{}", "::ffff:0:{}", "fe80::5efe:{}"]
)
def test_an_internal_ipv4_inside_an_ipv6_is_refused(inner: str, shape: str) -> None:
    assert not is_public(shape.format(inner))


@pytest.mark.parametrize("inner", INTERNAL_V4)
def test_an_internal_ipv4_inside_6to4_and_teredo_is_refused(inner: str) -> None:
    v4 = int(IPv4Address(inner))
    assert not is_public(IPv6Address((0x2002 << 112) | (v4 << 80) | 1))
    assert not is_public(IPv6Address((0x2001_0000 << 96) | (v4 ^ 0xFFFF_FFFF)))


@pytest.mark.parametrize(
    "text",
    [
        "ff02::1",
        "224.0.0.1",
        "fec0::1",
        "3fff::1",
        "5f00::1",
        "fd00:ec2::254",
        "4000::1",
        "e000::",
        "fe80::1%eth0",
        "",
        "host",
        "1.2.3",
    ],
)
def test_what_is_no_public_unicast_address_is_refused(text: str) -> None:
    assert not is_public(text)


@given(st.integers(0, 2**32 - 1))
def test_ipv4_agrees_with_the_same_number_behind_the_translation_prefix(number: int) -> None:
    assert is_public(IPv4Address(number)) == is_public(IPv6Address((0x64_FF9B << 96) | number))


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("017700000001", "127.0.0.1"), ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"), ("0x7f.0.0x1", "127.0.0.1"), ("10.0.258", "10.0.1.2"), ("0x", "0.0.0.0"),
        ("256.0.0.1", None), ("1.2.3.4.5", None), ("08", None), ("1.2.3.256", None), ("4294967296", None), ("1..2", None),
    ],
)  # fmt: skip
def test_odd_spellings_of_ipv4_are_read_as_browsers_do(text: str, dotted: str | None) -> None:
    assert read_ipv4(text) == (IPv4Address(dotted) if dotted else None)
