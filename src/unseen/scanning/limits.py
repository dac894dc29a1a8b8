"""Limits of bulk scanning, each with its reason."""

FILES_A_CHILD = 4  # under way for each decoding child: enough that none waits for the disk or the next page
FETCHED_SIZE_BYTES_MAX = 64_000_000  # of files held in memory because they have no path; others wait unread
WAITING_MAX = 10_000  # answers kept back so that lines come in order while a long video is decoded
CLUSTER_BATCH_FILES = 16  # a call to a node costs about 2 ms; more would be lost when a node is
CLUSTER_RETRIES_MAX = 3  # of a batch whose node or process died, before its files are tried one by one
RECORD_KEPT_DAYS = (
    7  # of a scan that nobody went on with: what it found is personal data and must not lie about
)
