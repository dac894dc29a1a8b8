"""One report from start to finish, as a caseworker would tell it. The verbs are in world.py."""

import pytest

from tests.story.world import StoryWorld

pytestmark = pytest.mark.thorough


def test_a_report_from_start_to_finish(world: StoryWorld) -> None:
    copy = world.a_copy_of("photo-1", on="slow")
    receipt = world.ana_reports("photo-1", seen_at=copy)
    world.expect_only_fingerprints_were_kept_of("photo-1")
    world.one_tick_passes()
    world.expect_notice(to="slow", about=copy, rung="platform", law="eu-dsa-16")

    world.days_pass(1)
    world.expect_no_further_notice()
    world.expect_still_open(copy)

    world.days_pass(1.1)  # its time has passed
    world.expect_notice(to="slow", about=copy, rung="platform_final", law="eu-dsa-16")

    world.days_pass(2)  # it removes after the second notice
    world.expect_truly_gone(copy)
    world.expect_outcome(copy, "removed", seen_gone_from=4)
    world.expect_no_further_notice()
    world.expect_the_life_of(
        copy,
        tells=["reporter named", "second and final notice", "together they say: gone", "outcome: removed"],
    )

    world.days_pass(6)  # we keep watching
    world.expect_outcome(copy, "removed", seen_gone_from=4)
    world.expect_the_journal_holds()
    world.expect_nothing_else_was_touched()
    assert receipt


def test_a_person_who_withdraws_is_left_in_peace(world: StoryWorld) -> None:
    world.a_platform_reads_the_feed()
    copy = world.a_copy_of("photo-2", on="silent")
    receipt = world.ana_reports("photo-2", seen_at=copy)
    world.one_tick_passes()
    world.expect_notice(to="silent", about=copy, rung="platform", law="us-tida")

    world.days_pass(0.5)
    world.ana_withdraws(receipt)
    world.one_tick_passes()
    world.expect_outcome(copy, "withdrawn")
    world.expect_the_feed_to_take_back_everything()

    world.days_pass(10)
    world.expect_no_further_notice()
    world.expect_nobody_looked_since_the_withdrawal()
    world.expect_outcome(copy, "withdrawn")
    world.expect_the_journal_holds()


def test_what_comes_back_is_taken_down_again(world: StoryWorld) -> None:
    world.the_centre_sweeps("reuploader")
    world.ana_reports("photo-1", "photo-3")
    world.one_tick_passes()
    edited, restored = (
        world.a_copy_of("photo-1", on="reuploader"),
        world.a_copy_of("photo-3", on="reuploader"),
    )
    world.expect_notice(to="reuploader", about=edited, rung="platform", law="us-tida")
    world.expect_notice(to="reuploader", about=restored, rung="platform", law="us-tida")

    world.days_pass(2)
    world.expect_outcome(edited, "removed", seen_gone_from=4)
    world.expect_outcome(restored, "removed", seen_gone_from=4)

    world.days_pass(
        10
    )  # nine days later one copy is back, mirrored and cropped; another stands where it stood
    again = world.the_return_of("photo-1", on="reuploader")
    world.expect_notice(to="reuploader", about=again, rung="platform", law="us-tida")
    world.expect_told_as_return(again, of=edited)

    world.days_pass(3)  # the third look at what had been removed: on the twelfth day or somewhat later
    world.expect_notice(to="reuploader", about=restored, rung="platform", law="us-tida")

    world.days_pass(2)
    world.expect_outcome(restored, "removed", seen_gone_from=4, round_=2)
    world.expect_outcome(again, "removed", seen_gone_from=4)
    world.expect_truly_gone(again)
    world.expect_nothing_else_was_touched()
    world.expect_the_journal_holds()
