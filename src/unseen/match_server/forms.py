"""A form with one file, as browsers and HTTP libraries send it (RFC 7578). The bytes are a stranger's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unseen.match_server.limits import PART_HEAD_BYTES_MAX, PARTS_MAX
from unseen.match_server.wire import Refused

# RFC 2046, 5.1.1: up to 70 characters.
_BOUNDARY = re.compile(
    r'multipart/form-data;.*?boundary=(?:"([^"\r\n]{1,70})"|([^\s;",]{1,70}))', re.IGNORECASE
)
_FORM_DATA = re.compile(rb"^content-disposition:[ \t]*form-data[ \t]*;(.*)$", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(rb'(?:^|[;\s])name="?([^";\r\n]{0,200})"?', re.IGNORECASE)
_FILE_NAME = re.compile(rb"(?:^|[;\s])filename\*?=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentFile:
    """The one file of a form. Its own name is not kept: promise 1."""

    field: str
    content: bytes


def sent_file(content_type: str, body: bytes) -> SentFile:
    """The file that was sent. Raises Refused where there is none, or more than one."""
    boundary = _BOUNDARY.match(content_type)
    files = []
    if boundary:
        files = list(_files(body, (boundary[1] or boundary[2]).encode("latin-1", "replace")))
    if not files:
        raise Refused(400, "Missing multipart/form-data file upload")
    if len(files) > 1:
        raise Refused(400, "Only one file allowed per request")
    field, start, end = files[0]
    return SentFile(field, body[start:end])


def _files(body: bytes, boundary: bytes) -> Iterator[tuple[str, int, int]]:
    """Field and place of each part that is a file."""
    mark = b"--" + boundary
    at = 0 if body.startswith(mark) else body.find(b"\r\n" + mark) + 2
    if at == 1:
        return
    for _ in range(PARTS_MAX):
        head = at + len(mark)
        if body[head : head + 2] != b"\r\n":
            return  # the last boundary, or none
        start = body.find(b"\r\n\r\n", head, head + PART_HEAD_BYTES_MAX) + 4
        end = body.find(b"\r\n" + mark, start - 2) if start != 3 else -1
        if end < 0:
            raise Refused(400, "the form is cut off or its parts have no proper head: send it again")
        field = _field_of_file(body[head:start])
        if field is not None:
            yield field, start, max(start, end)
        at = end + 2
    raise Refused(400, f"the form has more than {PARTS_MAX} parts")


def _field_of_file(head: bytes) -> str | None:
    """The field's name, where the part is a file."""
    form_data = _FORM_DATA.search(head.replace(b"\r", b""))
    if not form_data or not _FILE_NAME.search(form_data[1]):
        return None
    name = _NAME.search(form_data[1])
    return name[1].decode("utf-8", "replace") if name else ""
