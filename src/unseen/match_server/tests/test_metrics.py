"""What Prometheus reads."""

import re

from unseen.match_server.source import Facts, Following, Lease
from unseen.match_server.tests.asking import NOW, ONES, ZEROS, SmallSource, asked, service

LINE = re.compile(
    r'(# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?[0-9.e+-]+)'
)


def test_lookups_hits_and_times_are_counted() -> None:
    of = service()
    asked(of, "GET", f"/m/lookup?signal={ONES}&signal_type=pdq")
    asked(of, "POST", "/v1/match", bytes.fromhex(ONES + ZEROS))
    asked(of, "GET", "/m/lookup")
    lines = asked(of, "GET", "/metrics").body.decode().splitlines()
    assert "unseen_match_fingerprints_total 3" in lines
    assert 'unseen_match_hits_total{action="block"} 2' in lines
    assert 'unseen_match_hits_total{action="review"} 2' in lines
    assert 'unseen_match_answers_total{route="lookup",status="200"} 1' in lines
    assert 'unseen_match_answers_total{route="lookup",status="400"} 1' in lines
    assert 'unseen_match_seconds_count{route="lookup"} 2' in lines
    assert 'unseen_match_seconds_bucket{route="lookup",le="+Inf"} 2' in lines


def test_the_feed_is_told_by_its_head_its_lease_and_what_was_refused() -> None:
    source = SmallSource(Lease(True, NOW + 90))
    source.state = Facts(7, Following(NOW - 30, "distrust", 3, 1))
    lines = asked(service(source), "GET", "/metrics").body.decode().splitlines()
    for expected in (
        "unseen_match_fingerprints 7",
        "unseen_match_may_act 1",
        "unseen_feed_head_age_seconds 30",
        "unseen_feed_lease_left_seconds 90",
        "unseen_feed_pages_refused 3",
        "unseen_feed_failed_in_a_row 1",
        'unseen_feed_standing{standing="distrust"} 1',
    ):
        assert expected in lines


def test_a_source_that_cannot_be_read_shows_as_that() -> None:
    damaged = SmallSource()
    damaged.damaged = True
    assert "unseen_match_readable 0" in asked(service(damaged), "GET", "/metrics").body.decode()


def test_every_line_is_in_prometheus_format_and_names_no_path_that_was_asked() -> None:
    of = service()
    asked(of, "GET", "/hostile")
    page = asked(of, "GET", "/metrics")
    assert page.type.startswith("text/plain; version=0.0.4")
    assert page.body.endswith(b"\n")
    assert all(LINE.fullmatch(line) for line in page.body.decode().splitlines())
    assert b"hostile" not in page.body
