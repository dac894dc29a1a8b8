import json
from typing import Any

import pytest
from django.test import Client

from unseen.domain import limits
from unseen.domain.report import BadReport
from unseen.intake.parsing import read_report
from unseen.intake.tests.reports import PORTS, row_counts, said

IMAGE = said()["materials"][0]
VIDEO = {"kind": "video", "frames": [{"pdq": "5a" * 32, "quality": 90, "at_s": 0.5}]}
DEEP = b'{"locations":' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def image(**changes: Any) -> dict[str, Any]:
    return said(materials=[{**IMAGE, **changes}])


def frame(**changes: Any) -> dict[str, Any]:
    return said(materials=[{"kind": "video", "frames": [{**VIDEO["frames"][0], **changes}]}])  # type: ignore[dict-item]


BAD: dict[str, tuple[object, str]] = {
    "ten thousand locations": (
        said(locations=[f"https://platform.test/p/{number}" for number in range(10_000)]),
        r"10000 locations are more than the 200 .* send several reports",
    ),
    "too many materials": (said(materials=[IMAGE] * 51), r"51 materials are more than the 50 .* send several"),
    "too many fingerprints": (
        image(variants=[{"name": "mirror", "pdq": "a5" * 32, "quality": 88}] * (limits.FINGERPRINTS_PER_MATERIAL_MAX + 1)),
        r"8002 fingerprints of material 1 are more than the 8000",
    ),
    "nothing": ({}, r"the report is empty: give at least one"),
    "a list": ([], r"must be an object with only these fields: age_band, locations, materials, may_share"),
    "a file name": (said(file_name="me.jpg"), r"must be an object with only these fields"),
    "a path in a material": (image(path="/home/me/me.jpg"), r"material 1 must be .* no path, no file name"),
    "exif in a material": (image(exif={"GPS": 1}), r"material 1 must be .* hold nothing else"),
    "a digest in a frame": (frame(sha256="0" * 64), r"material 1 may hold only name, pdq, quality and at_s"),
    "a file name as a variant": (frame(name="IMG_1234.jpg"), r"material 1 has a name that is none of ours"),
    "a long variant": (frame(name="a" * 61), r"material 1 has a name that is none of ours"),
    "low quality only": (said(materials=[IMAGE, {**VIDEO, "frames": [{"pdq": "5a" * 32, "quality": 49}]}]),
        r"material 2 has no fingerprint of quality 50 or more: .* send another copy"),
    "a video without frames": (said(materials=[{"kind": "video", "frames": []}]), r"material 1 has no fingerprint"),
    "no material": (said(materials=["me.jpg"]), r"material 1 must be an object, as `unseen fingerprint"),
    "materials that are no list": (said(materials={}), r"'materials' must be a list"),
    "locations that are no list": (said(locations="https://platform.test/"), r"'locations' must be a list"),
    "a short PDQ": (image(pdq="5a" * 31), r"material 1: '5a.*' is not a PDQ fingerprint: send 64 hex digits"),
    "a PDQ with blanks": (image(pdq="5a " * 21 + "5"), r"is not a PDQ fingerprint"),
    "no PDQ": (image(pdq=None), r"'None' is not a PDQ fingerprint"),
    "no quality": (image(quality=None), r"material 1 has no quality between 0 and 100"),
    "quality as text": (image(quality="90"), r"no quality between 0 and 100"),
    "quality above 100": (image(quality=101), r"no quality between 0 and 100"),
    "a frame before the film": (frame(at_s=-1), r"a frame of material 1 has no time in seconds"),
    "a frame at no time": (frame(at_s=float("nan")), r"a frame of material 1 has no time in seconds"),
    "a location that is none": (said(locations=["it was on that forum"]), r"'it was on that forum' .*http://"),
    "a location that is a number": (said(locations=[7]), r"each of 'locations' must be a text"),
    "a file as location": (said(locations=["file:///etc/passwd"]), r"only http and https"),
    "a port that is not allowed": (said(locations=["http://platform.test:22/"]), r"names port 22"),
    "half a character": (said(locations=["https://platform.test/\ud800"]), r"control character"),
    "no age band": (said(age_band="young"), r"'age_band' must be one of: adult, minor, unknown"),
    "half a consent": (said(may_share="yes"), r"'may_share' must be true or false"),
}  # fmt: skip
BAD_BYTES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"picture=me.jpg", r"is not valid JSON: send an object with materials and locations"),
    "empty": (b"", r"is not valid JSON"),
    "not UTF-8": (b'{"locations": ["\xff\xfe"]}', r"is not valid JSON"),
    "a number of 10,000 digits": (b'{"locations": ' + b"9" * 10_000 + b"}", r"is not valid JSON"),
    "deep nesting": (DEEP, r"is not valid JSON"),
    "oversized": (b" " * (limits.REPORT_SIZE_BYTES_MAX + 1), r"2000001 bytes; at most 2000000 are taken: send several"),
}  # fmt: skip
BAD_BYTES |= {name: (json.dumps(data).encode(), words) for name, (data, words) in BAD.items()}


@pytest.mark.parametrize("name", BAD_BYTES)
def test_the_message_names_the_part_and_the_cure(name: str) -> None:
    body, words = BAD_BYTES[name]
    with pytest.raises(BadReport, match=words) as refused:
        read_report(body, PORTS)
    assert len(str(refused.value).encode()) < 400


@pytest.mark.django_db
def test_the_api_says_so_and_stores_nothing(client: Client) -> None:
    before = row_counts()
    for name, (body, _) in BAD_BYTES.items():
        answer = client.post("/api/intake/reports", body, content_type="application/json")
        assert answer.status_code == 400, name
        assert answer.json()["problem"], name
        assert answer["Cache-Control"] == "no-store", name
    assert row_counts() == before


def test_a_good_report_is_read_whole() -> None:
    draft, may_share = read_report(json.dumps(said(materials=[IMAGE, VIDEO])).encode(), PORTS)
    picture, film = draft.materials
    assert may_share
    assert [one.variant for one in picture.fingerprints] == ["full", "mirror"]
    assert [one.at_s for one in film.fingerprints] == [0.5]
    assert draft.locations == ("https://platform.test/p/1",)


def test_consent_is_never_assumed() -> None:
    body = said()
    del body["may_share"]
    assert read_report(json.dumps(body).encode(), PORTS)[1] is False


def test_two_spellings_of_one_place_are_one_location() -> None:
    spellings = [
        "https://Platform.TEST/p/%31",
        " https://platform.test:443/p/1",
        "https://platform.test/p/1#top",
    ]
    draft, _ = read_report(json.dumps(said(locations=spellings)).encode(), PORTS)
    assert draft.locations == ("https://platform.test/p/1",)
