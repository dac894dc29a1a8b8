"""The lease in HMA's words: the banks to act on match nothing and say that they are off."""

import json

from unseen.match_server.source import Lease
from unseen.match_server.tests.asking import NOW, ONES, SmallSource, asked, service


def test_matches_move_to_the_bank_for_review() -> None:
    ended = service(SmallSource(Lease(False, NOW - 1)))
    told = json.loads(asked(ended, "GET", f"/m/lookup?signal={ONES}&signal_type=pdq").body)
    assert list(told) == ["UNSEEN_REVIEW"]
    assert [each["bank_content_id"] for each in told["UNSEEN_REVIEW"]] == [1, 2]


def test_the_banks_say_that_only_review_is_on() -> None:
    def ratios(may_act: bool) -> dict[str, float]:
        source = SmallSource(Lease(may_act, NOW))
        told = json.loads(asked(service(source), "GET", "/c/banks").body)
        return {each["name"]: each["matching_enabled_ratio"] for each in told}

    assert set(ratios(True).values()) == {1.0}
    assert ratios(False) == {"UNSEEN_BLOCK": 0.0, "UNSEEN_REMOVE_AND_REVIEW": 0.0, "UNSEEN_REVIEW": 1.0}


def test_our_own_route_names_the_lease_beside_each_action() -> None:
    held = json.loads(asked(service(), "GET", f"/v1/match?pdq={ONES}").body)
    assert (held["may_act"], held["may_act_until"]) == (True, NOW + 3_600)
    assert [each["action"] for each in held["matches"]] == ["block", "review"]
    assert held["matches"][0]["entry"] == bytes(range(16)).hex()
    ended = service(SmallSource(Lease(False, NOW - 1)))
    told = json.loads(asked(ended, "GET", f"/v1/match?pdq={ONES}").body)
    assert told["may_act"] is False
    assert {each["action"] for each in told["matches"]} == {"review"}
