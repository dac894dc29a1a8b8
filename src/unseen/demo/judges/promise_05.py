"""Unknown never counts as gone; removed needs proof from at least two vantages."""

from unseen.demo.judges.evidence import Evidence, Judgement, rows, text
from unseen.testing.internet.truth import Copy

_VANTAGES_MIN = _COUNTRIES_MIN = 2


def judge(evidence: Evidence) -> Judgement:
    truth = evidence.world.internet.truth
    by_page = _by_page(truth.copies())
    found = [
        (key, text(location, "casework_item.location"), stage, outcome)
        for key, location, stage, outcome in rows(
            "SELECT id, location, stage, outcome FROM casework_item ORDER BY id"
        )
    ]
    faults, removed = [], 0
    for key, location, stage, outcome in found:
        served = any(truth.served_to_anyone(copy) for copy in by_page.get(location, ()))
        removed += outcome == "removed"
        if outcome == "removed" and served:
            faults.append(f"item {key} is said to be removed and is still served")
        if outcome in ("blocked_only", "refused", "unreachable") and not served:
            faults.append(f"item {key} is said to be {outcome} and is gone")
        if stage != "closed":
            faults.append(f"item {key} has no outcome after all this time")
    return (
        faults + without_proof(),
        f"{removed} of {len(found)} items removed, and nobody anywhere gets one of them any more",
    )


def without_proof() -> list[str]:
    """What is called removed by the word of too few.

    Two looks must prove it: the last one at or before closing, and the last one that came to a conclusion at all.
    A later look that ends unknown (the site asked us to come back later) takes nothing back and proves nothing.
    """
    found = rows(
        "SELECT i.id, w.look, COUNT(DISTINCT f.vantage), COUNT(DISTINCT f.country) FROM casework_item i "
        "CROSS JOIN (SELECT 'before closing' AS look UNION ALL SELECT 'that is not unknown') w "
        "LEFT JOIN takedown_recheck r ON r.id = (SELECT id FROM takedown_recheck WHERE item_id = i.id "
        "AND ((w.look = 'before closing' AND at <= i.closed_at) "
        "OR (w.look = 'that is not unknown' AND conclusion <> 'unknown')) ORDER BY at DESC, id DESC LIMIT 1) "
        "LEFT JOIN takedown_finding f ON f.recheck_id = r.id AND f.kind IN ('gone', 'soft_404', 'sent_home') "
        "WHERE i.outcome = 'removed' GROUP BY i.id, w.look ORDER BY i.id, w.look"
    )
    return [
        f"item {key} is removed by the word of {vantages} vantages in {countries} countries in the last look {look}"
        for key, look, vantages, countries in found
        if vantages < _VANTAGES_MIN or countries < _COUNTRIES_MIN
    ]


def _by_page(copies: list[Copy]) -> dict[str, list[Copy]]:
    found: dict[str, list[Copy]] = {}
    for copy in copies:
        found.setdefault(copy.page_url, []).append(copy)
    return found
