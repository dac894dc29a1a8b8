"""A notice as an abuse report that a machine can read: XARF v4 as JSON, in the frame of RFC 5965."""

import json
from email.message import EmailMessage
from urllib.parse import quote

from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.headers import POLICY, Letterhead, begun, finished
from unseen.takedown.channels.mail import MailChannel
from unseen.takedown.channels.report.xarf import report_of

LINE_CHARACTERS_MAX = (
    900  # RFC 5322, 2.1.1 allows 998 with the field's name; a field of RFC 5965 is never folded
)
# What stands as it is in a URI (RFC 3986, 2.2 and 2.3); everything else is percent-encoded (RFC 3987, 3.1).
_KEPT = "!#$%&'()*+,/:;=?@[]~"


class ReportChannel(MailChannel):
    """Three parts: text for a person, the fields of RFC 5965, and the report as JSON."""

    def message(self, envelope: Envelope, head: Letterhead) -> bytes:
        """The mail that the XARF specification describes for SMTP."""
        message = begun(envelope, head)
        message.set_content(envelope.body)
        message.make_mixed()
        feedback = EmailMessage(policy=POLICY)
        feedback["Content-Type"] = "message/feedback-report"
        feedback["Content-Disposition"] = "inline"
        feedback.set_payload(_fields(envelope, head))
        message.attach(feedback)
        report = json.dumps(report_of(envelope, head), indent=1).encode()
        message.add_attachment(report, maintype="application", subtype="json", filename="xarf.json")
        message.set_type("multipart/report")
        message.set_param("report-type", "feedback-report")
        return finished(message, envelope)


def _fields(envelope: Envelope, head: Letterhead) -> str:
    """RFC 5965, 3: the type `xarf` tells a reader of XARF that the third part is one."""
    lines = [
        "Feedback-Type: xarf",
        "User-Agent: Unseen/1",
        "Version: 1",
        f"Reporting-MTA: dns; {head.domain}",
    ]
    for location in envelope.locations:
        text = as_uri(location)
        if len(text) <= LINE_CHARACTERS_MAX:  # a longer one stands whole in the other two parts
            lines.append(f"Reported-URI: {text}")
    return "\r\n".join(lines) + "\r\n"


def as_uri(location: str) -> str:
    """The location in ASCII. Raises ValueError for what could end a line."""
    if not location.isprintable() or " " in location or "://" not in location:
        raise ValueError("a location holds a space or a control character: it cannot stand in a report")
    return quote(location, safe=_KEPT)
