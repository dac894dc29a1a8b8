import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.door.pasted import PlaceKind, kind_of, read_pasted
from unseen.fetch.locations import parse_location

PORTS = frozenset({80, 443})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://platform.test/p/1.", ["https://platform.test/p/1"]),
        ("(https://platform.test/a_(b))!", ["https://platform.test/a_(b)"]),
        ("여기https://platform.test/p/1에서 봤어요", ["https://platform.test/p/1"]),
        ("www.site.co.kr/p?id=3을 봐", ["https://www.site.co.kr/p?id=3"]),
        ("hxxps://bad[.]test/x", ["https://bad.test/x"]),
        ("HTTPS://Platform.TEST/A https://platform.test/A", ["https://platform.test/A"]),
        ("https://x.com/a/status/1?s=20&utm_source=b&fbclid=c", ["https://x.com/a/status/1?s=20"]),
        ("텔레그램 @some_channel 이에요", ["https://t.me/some_channel"]),
        ("t.me/+AbCdEfG and t.me/chan/12", ["https://t.me/+AbCdEfG", "https://t.me/chan/12"]),
        ("write to me@mail.com, see photo.jpg. End.Next", []),
        ("http://localhost/x http://[ http:// ftp://a.test/x javascript:alert(1)", []),
        ("", []),
    ],
)
def test_addresses_are_found_in_what_people_paste(text: str, found: list[str]) -> None:
    assert list(read_pasted(text, PORTS).locations) == found


def test_a_name_that_belongs_to_no_known_app_is_asked_about() -> None:
    assert read_pasted("인스타 @some_name", PORTS).handles == ("@some_name",)


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://platform.test/p", PlaceKind.PAGE),
        ("https://www.instagram.com/p/1", PlaceKind.POST),
        ("https://t.me/chan/1", PlaceKind.TELEGRAM),
        ("https://t.me/c/1/2", PlaceKind.CLOSED_CHAT),
        ("https://open.kakao.com/o/x", PlaceKind.CLOSED_CHAT),
        ("https://drive.google.com/file/1", PlaceKind.CLOUD),
        ("https://www.google.com/search?q=a", PlaceKind.SEARCH),
        ("http://abc.onion/x", PlaceKind.ONION),
    ],
)
def test_the_kind_of_a_place_is_told(location: str, kind: PlaceKind) -> None:
    assert kind_of(location) is kind


@pytest.mark.slow
@settings(max_examples=6_000, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                ["https://", "http://a.test/", "@", "t.me/", "www.", "을", "\x00", "[.]", "%", ".com", ")"]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_odd_input_gives_locations_in_normal_form_or_none(text: str) -> None:
    for location in read_pasted(text, PORTS).locations:
        assert parse_location(location, ports=PORTS).text == location
        kind_of(location)
