"""Read a mail of the centre's mailbox: what kind of answer it is, and which notice it is about.

Mail is hostile: reading is bounded and never raises. What is not understood is `unreadable`, and a person reads it;
it is never taken for a refusal (unknown is never news). A reply is a claim: only a recheck says whether it is true.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from enum import StrEnum
from pathlib import Path
from typing import cast

# An answer with the notice quoted has some 20 kB; more is cut off before parsing
MAIL_SIZE_BYTES_MAX = 262_144
# An answer says what it has to say at its beginning; the rest is the quoted notice
TEXT_CHARACTERS_MAX = 8_192
PARTS_MAX = 64  # a bounce has three; a mail with more parts is built to waste our time
HEADER_CHARACTERS_MAX = 4_096  # References of a long exchange; longer headers are cut
REASON_CHARACTERS_MAX = 300  # one or two sentences for the desk
IDS_MAX = 32  # message ids named by one mail


class ReplyKind(StrEnum):
    """What a mail says."""

    BOUNCED = "bounced"
    DELAYED = "delayed"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    SAYS_REMOVED = "says_removed"
    AUTO_REPLY = "auto_reply"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class About:
    """How a mail names the notice it answers, the surest way first. Ids carry no angle brackets."""

    notice_id: str | None = None  # X-Unseen-Notice of our own mail, sent back
    message_ids: tuple[str, ...] = ()
    reference: str | None = None  # from the subject: weakest, anybody can write it


@dataclass(frozen=True, slots=True)
class Reply:
    """One mail, read. `words` are the other side's own: show them as text, never log or send them on."""

    kind: ReplyKind
    about: About
    message_id: str | None = None
    status_code: str | None = None  # RFC 3463, as 5.1.1; for bounced and delayed
    words: str = ""


NOTHING = About()

_TABLE: Mapping[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("texts").joinpath("reply_phrases.toml").read_text("utf-8")
)
# In the order of the table; in one sentence the first kind that fits wins.
PHRASES = {ReplyKind(name): phrases for name, phrases in _TABLE.items() if name in set(ReplyKind)}
MAYBE, OURS = tuple(_TABLE["maybe"]), tuple(_TABLE["ours"])

_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_NOTICE_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?:-[0-9]{1,5})?")
_REFERENCE = re.compile(r"\[Notice ([A-Za-z0-9][A-Za-z0-9-]{0,63})\]")
_STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n")
_QUOTE = re.compile(
    r"\s*(>|-{2,} ?(original|forwarded) message|-{2,} ?원본|on .{1,200} wrote:|.{1,200}작성:)", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]{0,1000}>")
# What the standard library's parser is known to raise on broken mail, besides its own errors.
_MAIL_ERRORS = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)

Mail = Message


def read_reply(raw: bytes) -> Reply:
    """Classify one raw mail (RFC 5322 bytes). Never raises; what cannot be read is `unreadable`."""
    try:
        return _read(raw[:MAIL_SIZE_BYTES_MAX])
    except _MAIL_ERRORS:
        return Reply(ReplyKind.UNREADABLE, NOTHING)


def _read(raw: bytes) -> Reply:
    # Parts within parts make the parser recurse and slow; an honest mail has a handful.
    if raw.lower().count(b"multipart/") + raw.lower().count(b"message/rfc822") > PARTS_MAX:
        return Reply(ReplyKind.UNREADABLE, NOTHING)
    mail = BytesParser(policy=compat32).parsebytes(raw)
    parts = list(_parts(mail))
    message_id = next(iter(_ids([_header(mail, "Message-ID")])), None)
    about = _about(mail, parts)
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            kind, status_code, words = _delivery(part)
            return Reply(kind, about, message_id, status_code, words)
    kind, words = _kind_of_text(_own_text(parts) or _header(mail, "Subject"))
    if kind is ReplyKind.UNREADABLE and _automatic(mail):
        kind = ReplyKind.AUTO_REPLY
    return Reply(kind, about, message_id, None, words)


def _parts(mail: Mail) -> Iterator[Mail]:
    """The leaves of a mail in order. A message inside a message is one leaf: its words are not the sender's."""
    waiting, seen = [mail], 0
    while waiting and seen < PARTS_MAX:
        part = waiting.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = _inner(part)
        else:
            yield part


def _inner(part: Mail) -> list[Mail]:
    """The mails inside a part. Text is never asked for here: that raises on a broken charset."""
    return cast("list[Mail]", part.get_payload()) if part.is_multipart() else []


def _header(mail: Mail, name: str) -> str:
    """A header as one line of text; broken encodings are shown as they came."""
    raw = str(mail.get(name, ""))[:HEADER_CHARACTERS_MAX]
    try:
        text = str(make_header(decode_header(raw)))
    except _MAIL_ERRORS:
        text = raw
    return " ".join(text.split())


def _ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Every message id in these headers, each once, in order."""
    found = dict.fromkeys(one for text in texts for one in _MESSAGE_ID.findall(text))
    return tuple(found)[:IDS_MAX]


def _about(mail: Mail, parts: Iterable[Mail]) -> About:
    originals = [original for part in parts if (original := _original(part)) is not None]
    mails = [*originals, mail]
    headers = [
        *(_header(one, "Message-ID") for one in originals),
        _header(mail, "In-Reply-To"),
        " ".join(reversed(_header(mail, "References").split())),
    ]
    notice_ids = (_NOTICE_ID.fullmatch(_header(one, "X-Unseen-Notice")) for one in mails)
    references = (_REFERENCE.search(_header(one, "Subject")) for one in mails)
    return About(
        notice_id=next((found.group().lower() for found in notice_ids if found), None),
        message_ids=_ids(headers),
        reference=next((found.group(1) for found in references if found), None),
    )


def _original(part: Mail) -> Mail | None:
    """The mail, or only its headers, that a bounce sends back (RFC 3462)."""
    inner = _inner(part)
    if part.get_content_type() == "message/rfc822" and inner:
        return inner[0]
    if part.get_content_type() == "text/rfc822-headers":
        return HeaderParser(policy=compat32).parsestr(_text_of(part))
    return None


def _delivery(part: Mail) -> tuple[ReplyKind, str | None, str]:
    """Kind, status code and reason of a delivery report (RFC 3464): one failed recipient is a failure."""
    blocks = _inner(part)[:PARTS_MAX]
    by_action = {
        _header(block, "Action").lower().split(" ")[0]: block for block in blocks if "Action" in block
    }
    kinds = {"failed": ReplyKind.BOUNCED, "delayed": ReplyKind.DELAYED}
    kinds |= dict.fromkeys(("delivered", "relayed", "expanded"), ReplyKind.AUTO_REPLY)
    for action, kind in kinds.items():
        if action in by_action:
            block = by_action[action]
            reason = _header(block, "Diagnostic-Code")
            code = _STATUS.search(_header(block, "Status")) or _STATUS.search(reason)
            return kind, code.group(1) if code else None, reason[:REASON_CHARACTERS_MAX]
    return ReplyKind.UNREADABLE, None, ""


def _automatic(mail: Mail) -> bool:
    """RFC 3834: anything but "no" was written by a machine. Older ones say it in Precedence or in a header of their own."""
    if _header(mail, "Auto-Submitted").lower().split(";")[0].strip() not in ("", "no"):
        return True
    older = _header(mail, "Precedence").lower() in ("auto_reply", "bulk", "junk")
    return older or any(name in mail for name in ("X-Autoreply", "X-Autorespond"))


def _own_text(parts: Iterable[Mail]) -> str:
    """What the sender wrote: plain text before HTML, without attachments and without what is quoted."""
    texts: dict[str, str] = {}
    for part in parts:
        if part.get_content_disposition() != "attachment":
            texts.setdefault(part.get_content_type(), _text_of(part))
    plain = texts.get("text/plain", "").strip() or _without_tags(texts.get("text/html", ""))
    return _without_quotes(plain[:TEXT_CHARACTERS_MAX])


def _text_of(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):  # a charset nobody knows, or one with a null byte in its name
        return payload.decode("utf-8", "replace")


def _without_tags(html: str) -> str:
    """The words of a page; a closing paragraph ends a sentence."""
    text = html[: 4 * TEXT_CHARACTERS_MAX]
    for name in ("style", "script", "head"):
        opening, _, rest = text.partition(f"<{name}")
        text = opening + rest.partition(f"</{name}>")[2] if rest else text
    return _TAG.sub(" ", text.replace("</p>", "\n\n").replace("<br>", "\n")).replace("&nbsp;", " ")


def _without_quotes(text: str) -> str:
    """The lines before the first quoted one, and before our own notice where it came back unmarked."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith(">"):
            continue
        if _QUOTE.match(line[:400]) or line.strip().lower().startswith(OURS):
            break
        lines.append(line)
    return "\n".join(lines)


def _sentences(text: str) -> Iterator[str]:
    """Sentences in lower case, padded with a space at both ends; a paragraph's lines are joined first."""
    for paragraph in re.split(r"\n\s*\n", text.replace("\u2019", "'")):
        for sentence in _SENTENCE_END.split(" ".join(paragraph.split())):
            yield f" {sentence} "


def _kind_of_text(text: str) -> tuple[ReplyKind, str]:
    """The kind and the sentence that decided. Removed and refused in one mail is for a person to read."""
    found: dict[ReplyKind, str] = {}
    for sentence in _sentences(text):
        kind = _kind_of_sentence(sentence.lower())
        if kind is not None:
            found.setdefault(kind, sentence.strip()[:REASON_CHARACTERS_MAX])
    if ReplyKind.REFUSED in found and ReplyKind.SAYS_REMOVED in found:
        return ReplyKind.UNREADABLE, found[ReplyKind.REFUSED]
    for kind in PHRASES:
        if kind in found:
            return kind, found[kind]
    return ReplyKind.UNREADABLE, " ".join(text.split())[:REASON_CHARACTERS_MAX]


def _kind_of_sentence(sentence: str) -> ReplyKind | None:
    maybe = any(word in sentence for word in MAYBE)
    for kind, phrases in PHRASES.items():
        if maybe and kind in (ReplyKind.REFUSED, ReplyKind.SAYS_REMOVED):
            continue
        if any(phrase in sentence for phrase in phrases):
            return kind
    return None
