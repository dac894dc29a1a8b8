"""From the bytes of a page to text, by the encodings that the web uses. Pure; never raises."""

import codecs
import re

# A page of more than this is cut: what matters stands near its top, and reading time stays bounded.
PAGE_BYTES_READ_MAX = 4_000_000
_LOOKED_AT_BYTES = 1_024  # browsers look this far for a meta charset (HTML, 13.2.3.2)

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
# Labels of the WHATWG Encoding standard to Python's names. Only these: Python knows "encodings" such as zlib or
# unicode_escape that no page may choose.
_KNOWN = {
    **dict.fromkeys(("euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "windows-949", "uhc"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"), "cp1252"),
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "koi8-r": "koi8_r",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1254": "cp1254",
    "windows-1258": "cp1258",
    "windows-874": "cp874",
    "iso-8859-2": "iso8859_2",
    "iso-8859-15": "iso8859_15",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(body: bytes, content_type: str | None) -> str:
    """The text of `body`: by its byte order mark, the header's charset, the page's own, or UTF-8."""
    body = body[:PAGE_BYTES_READ_MAX]
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    said = _said((content_type or "").encode("ascii", "replace"))
    within = _said(body[:_LOOKED_AT_BYTES])
    if within is not None and within.startswith("utf-16"):
        within = "utf-8"  # a page whose first bytes we could read as ASCII is not UTF-16
    return body.decode(said or within or "utf-8", "replace")


def _said(text: bytes) -> str | None:
    found = _CHARSET.search(text)
    return _KNOWN.get(found[1].decode("ascii").lower()) if found else None
