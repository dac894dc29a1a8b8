"""Nothing in a feed, a log, a page title or a statistic points to a person."""

from unseen.demo.judges.evidence import Evidence, Judgement


def judge(evidence: Evidence) -> Judgement:
    run, world = evidence.run, evidence.world
    secrets = [receipt.replace("-", "") for receipt in run.receipts] + run.receipts
    copies = world.internet.truth.copies()
    places = [place.split("/", 3)[3] for copy in copies for place in (copy.page_url, copy.media_url)]
    texts = {f"log {path.name}": path.read_bytes() for path in world.folder.glob("*.log")}
    texts |= {"the feed": evidence.feed.tobytes()}
    titles = b"\n".join(_title(page) for page in evidence.pages)
    texts |= {"a page title": titles}
    faults = [
        f"{name} names {what}"
        for name, text in texts.items()
        for what, needles in (("a receipt", secrets), ("a location", places))
        if any(needle.encode() in text for needle in needles)
    ]
    stored = b"".join(path.read_bytes() for path in (world.folder / "data").glob("*.sqlite3*"))
    faults += ["the database holds a receipt"] if any(secret.encode() in stored for secret in secrets) else []
    faults += (
        ["the database holds a location in clear"] if any(one.encode() in stored for one in places) else []
    )
    return (
        faults,
        f"{len(texts)} logs, feeds and titles of {len(evidence.pages)} pages searched for receipts and locations",
    )


def _title(page: bytes) -> bytes:
    return page.partition(b"<title>")[2].partition(b"</title>")[0]
