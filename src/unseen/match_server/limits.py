"""Limits of the match server, each with its reason."""

from unseen.fingerprint.limits import PICTURE_SIZE_BYTES_MAX

# What a form puts around a picture: boundaries and headers of a few parts.
UPLOAD_BYTES_MAX = PICTURE_SIZE_BYTES_MAX + 64 * 1024
# A longer batch would keep a process of one core from its single look-ups for more than a tenth of a second.
BATCH_FINGERPRINTS_MAX = 4_096
BATCH_BYTES_MAX = 32 * BATCH_FINGERPRINTS_MAX
# Two fingerprints of 64 digits with room for other types beside them.
COMPARE_BYTES_MAX = 16 * 1024
# Names of a few banks, a fingerprint and a seed fit many times over.
QUERY_CHARACTERS_MAX = 8_192
PARTS_MAX = 20  # of one form; a file and what a caller adds to it
PART_HEAD_BYTES_MAX = 8_192
# Uploads in memory at once, each twice while it is taken out of its form: 1 GiB at worst. Beyond these a caller asks another
# process.
UPLOADS_AT_ONCE_MAX = 8
# Batches at once: each takes a thread; more would only wait for the same cores.
BATCHES_AT_ONCE_MAX = 64
# Of 19: a batch still gets a tenth of a core that look-ups fill.
BATCH_NICENESS = 10
# A caller inside the same network that sends slower than this is stuck, and holds a place of an upload.
BODY_WITHIN_S = 30.0
HEADERS_WITHIN_MS = 10_000
