from unseen.cli.report import frames_sent
from unseen.domain.fingerprint import VARIANT_NAME
from unseen.fingerprint import Frame, Variant, VideoFingerprint

FORMS = ("mirror", "trim", "crop:5-5-5-5", "crop:21.9-0-21.9-0", "crop:0-25-0-0")


def film(seconds: int) -> VideoFingerprint:
    """Four frames a second, the first of each with edited forms."""
    variants = tuple(Variant(name, "a5" * 32, 90) for name in FORMS)
    frames = (
        Frame(number / 4, "5a" * 32, 90, variants if number % 4 == 0 else ()) for number in range(4 * seconds)
    )
    return VideoFingerprint(float(seconds), "f" * 64, tuple(frames))


def names(sent: list[dict[str, object]]) -> set[object]:
    return {each.get("name", "full") for each in sent}


def test_a_short_film_is_sent_with_every_form() -> None:
    sent = frames_sent(film(10), most=100)
    assert len(sent) == 40 + 10 * len(FORMS)
    assert names(sent) == {"full", *FORMS}
    assert all(VARIANT_NAME.fullmatch(str(name)) for name in names(sent))


def test_a_longer_film_leaves_its_crops_out() -> None:
    sent = frames_sent(film(18), most=100)
    assert len(sent) == 72 + 18
    assert names(sent) == {"full", "mirror"}


def test_a_long_film_is_sent_by_the_second_and_a_very_long_one_by_several() -> None:
    assert [each["at_s"] for each in frames_sent(film(40), most=100)][::2] == list(range(40))
    assert [each["at_s"] for each in frames_sent(film(180), most=100)][::2] == list(range(0, 180, 4))
