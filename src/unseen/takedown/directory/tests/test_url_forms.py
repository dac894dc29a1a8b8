import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.takedown.directory import load_directory
from unseen.takedown.directory.url_forms import PARTS, BadForm, Identifies, UrlForm, check_form

SHIPPED = load_directory()
FORMS = [
    (party, form, example)
    for party in SHIPPED.parties.values()
    for form in party.url_forms
    for example in form.examples
]


def parts(form: str, location: str) -> dict[str, str] | None:
    found = UrlForm(Identifies.POST, form, ()).parts_of(location)
    return None if found is None else dict(found)


@pytest.mark.parametrize(("party", "form", "example"), FORMS, ids=lambda one: getattr(one, "key", ""))
def test_every_example_is_found_from_the_location_alone(party: object, form: UrlForm, example: str) -> None:
    found = SHIPPED.party_for(example)
    assert found is party
    assert found.form_of(example) is form
    assert all(form.parts_of(example) or {"none": "needed"})


def test_parts_are_named_and_decoded() -> None:
    assert parts("/{channel}/{message:digits}", "https://a.test/caf%C3%A9/12?x=1#y") == {
        "channel": "caf\u00e9",
        "message": "12",
    }
    assert parts("/watch?v={id:word}", "https://a.test/watch?t=1&v=ab_c-1") == {"id": "ab_c-1"}
    assert parts("/", "https://a.test") == {}


@pytest.mark.parametrize(
    "location", ["https://a.test/a", "https://a.test/a/b", "https://a.test/a/1/2", "https://[::1", "a b", ""]
)
def test_another_form_is_none(location: str) -> None:
    assert parts("/{channel}/{message:digits}", location) is None


def test_a_host_narrows_a_form() -> None:
    form = UrlForm(Identifies.MEDIA, "/{file}", (), ("i.a.test",))
    assert form.parts_of("https://i.a.test/a.jpg") == {"file": "a.jpg"}
    assert form.parts_of("https://a.test/a.jpg") is None


@given(st.text(max_size=80))
def test_any_text_has_a_form_or_none(text: str) -> None:
    for form in SHIPPED.party("reddit").url_forms:
        found = form.parts_of(text)
        assert found is None or all(isinstance(value, str) for value in found.values())


@given(st.text(alphabet="/{}:abdigts?=&.*+()[]\\", max_size=40))
def test_a_form_is_good_or_the_fault_is_named(form: str) -> None:
    try:
        check_form(form)
    except BadForm:
        return
    parts(form, "https://a.test/a/1?b=2")


@pytest.mark.parametrize("kind", PARTS)
def test_a_hostile_location_takes_no_time(kind: str) -> None:
    form = "/" + "/".join(f"{{p{letter}:{kind}}}" if kind else f"{{p{letter}}}" for letter in "abcdefgh")
    began_s = time.perf_counter()
    parts(form, "https://a.test/" + "a/1" * 700 + "!")
    parts(form, "https://a.test/" + "1" * 2_000)
    assert time.perf_counter() - began_s < 2
