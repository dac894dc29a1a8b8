"""Every size, count and time limit of the domain, each with its reason."""

from datetime import timedelta

# What a person may send at once. A real case is spread over up to 2,000 places (D4U team lead, 2019);
# a report may be repeated, so one report stays small enough to be checked in one request.
LOCATIONS_PER_REPORT_MAX = 200
MATERIALS_PER_REPORT_MAX = 50
FINGERPRINTS_PER_MATERIAL_MAX = (
    8_000  # one a second for an hour of film, each also mirrored; `unseen report` thins
)
REPORT_SIZE_BYTES_MAX = 2_000_000  # that film, at some 110 bytes a fingerprint, and the rest
LOCATION_CHARACTERS_MAX = 2_048  # the longest that browsers and mail clients carry unharmed

# A message between reporter and centre: a long letter fits; the most of one report are a year's talk, and a flood's end.
MESSAGE_CHARACTERS_MAX = 4_000
MESSAGES_PER_REPORT_MAX = 500
# What is pasted to find locations in: 200 of the longest, with words between them.
PASTED_CHARACTERS_MAX = 500_000
# A begun report lives in the browser only, and is taken for a day; a receipt that was typed opens its pages for half an
# hour after the last one, since phones are lent and left lying.
DRAFT_LASTS = timedelta(hours=24)
VISIT_LASTS = timedelta(minutes=30)
PIN_CHARACTERS_MIN = 4
PIN_CHARACTERS_MAX = 40
# Typing twelve words goes wrong a few times: ten tries at once, then one in ten seconds, for one address and for one receipt.
OPEN_AT_ONCE_MAX = 10
OPEN_EVERY = timedelta(seconds=10)
# Together fifty a second, which costs the database a look-up each; the first three tries of an address pass all the same.
OPEN_ALL_AT_ONCE_MAX = 3_000
OPEN_ALL_EVERY = timedelta(seconds=0.02)
OPEN_FIRST_TRIES = 3
# A school's whole class may stand behind one address: thirty reports at once, then one in twenty seconds.
FILE_AT_ONCE_MAX = 30
FILE_EVERY = timedelta(seconds=20)
FILE_ALL_AT_ONCE_MAX = 60_000
FILE_ALL_EVERY = timedelta(milliseconds=2)

# PDQ: 256 bits, match within 31, quality below 50 says nothing (facebook/ThreatExchange, hashing.pdf).
PDQ_BITS = 256
RADIUS_BITS = 31
# On our own scanners parts of a query are compared with parts of what is banked: 38 bits bear a cut of 1.5 % of a side
# instead of 1 % (docs/decisions/0016-regions-search-at-38-bits.md).
REGIONS_RADIUS_BITS = 38
QUALITY_MIN = 50

# Promise 5: removed needs proof from at least two vantages, and they must not share a country.
PROOF_VANTAGES_MIN = 2
PROOF_COUNTRIES_MIN = 2

# A removal is believed when it still holds after this pause: caches and roll-backs are shorter.
GONE_HOLDS_FOR = timedelta(hours=6)
# When a vantage answers nothing useful, look again after this pause, so often, before a person is asked.
UNKNOWN_RETRY_AFTER = timedelta(hours=2)
UNKNOWN_RETRIES_MAX = 6
# Looks after a notice: soon (prompt removers), the same day, then daily until the deadline decides.
LOOK_AFTER_NOTICE = (timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))
LOOK_DAILY = timedelta(hours=24)
# A host may ask us to come back later (Retry-After), but not to stay away: a day is the longest we obey.
RETRY_AFTER_MAX = timedelta(hours=24)
# An open item is looked at daily. A host that keeps us from it for another day has answered: nothing can be seen.
KEPT_AWAY_MAX = timedelta(hours=48)
# Looks after closing: thinning out, never stopping while the person wants it watched.
WATCH_AFTER_CLOSING = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30, 60))
WATCH_EVERY = timedelta(days=90)
# A plan that everybody can read tells a site when to hide: each pause is stretched by up to this part of it, by a number
# that only the centre knows. A quarter moves the first look after closing by up to six hours.
WATCH_STRETCH_MAX = 0.25
# The look that confirms a removal moves by up to as long again: it is the one that a site would most like to foresee.
HOLD_STRETCH_MAX = 1.0
# Further places of one item's media that are asked at each look: CDN hosts rotate among a handful.
MEDIA_PLACES_MAX = 8
# How long a temporary failure of delivery is tried again before the next rung is taken.
DELIVERY_RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
# Where an addressee takes several items in one notice, a written notice waits this long for others of its case. A scan
# finds the copies of one picture within minutes; against a clock of 24 hours the wait is less than one in a hundred.
GATHER_FOR = timedelta(minutes=10)
# The most items in one notice, whatever the addressee takes: one transaction locks and changes them all.
BATCH_ITEMS_MAX = 250
# How often what they took over and did not load is sent again, before the next rung is taken.
NOT_LOADED_MAX = 3
# So many earlier removals of the same item a notice tells: that it keeps coming back is clear, and the text stays short.
RETURNS_TOLD_MAX = 5
# Who verifies a notice types a number or two: twenty at once, then one in six seconds. Together ten a second, which costs
# the database less than 1 % of its time; a day's addresses beyond these share the common budget only (0.5 MB).
VERIFY_AT_ONCE_MAX = 20
VERIFY_EVERY = timedelta(seconds=6)
VERIFY_ALL_AT_ONCE_MAX = 600
VERIFY_ALL_EVERY = timedelta(seconds=0.1)
VERIFY_ADDRESSES_MAX = 4_000
# A worker holds a row this long; after it another worker may take it over.
LEASE = timedelta(minutes=10)
# A worker takes so many rows at once: each statement and each commit is paid once for all. More gains little.
HANDFUL_ROWS_MAX = 200
# No row of such a handful is begun later than this after it was taken: its lease must not run out while others are slow.
HANDFUL_LASTS = timedelta(seconds=5)
# After a broken line the other side gets this long to finish, before it is asked whether it has the notice.
LOOK_UP_AFTER = timedelta(minutes=1)
# A clock that is kept right moves by seconds; a step beyond this is a fault, or the mending of one.
CLOCK_STEP_MAX = timedelta(minutes=5)
# What keeps a clock right looks at its servers every 64 to 1,024 seconds (RFC 5905, 7.3), and a person's slip is seen within
# the hour. The shortest deadline that we know is two hours.
CLOCK_SETTLES = timedelta(hours=1)
# Open case keys that a process keeps at hand: a handful of rows each of another case, several times over (300 bytes each).
OPEN_KEYS_MAX = 2_048
# How long without asking the table again. So long another process may still read what it had in hand when a key was destroyed.
OPEN_KEY_LASTS = timedelta(seconds=30)
# A send that is under way when the person withdraws is seen to its end; after this time the keys go all the same.
DESTROY_WITHIN = timedelta(hours=24)
# PostgreSQL keeps what was removed until VACUUM, which reads whole tables: once for all withdrawals of this time.
CLEAR_TRACES_EVERY = timedelta(hours=1)
# Staff: so many wrong log-ins in a row cost nothing; each further one doubles a wait that ends at a quarter of an hour, so that
# a stranger can slow a person down but not lock her out, and her passkey never waits. Six digits then last for decades.
LOG_IN_FAILURES_MAX = 5
LOG_IN_WAIT_MAX = timedelta(minutes=15)
# A desk left alone closes itself, and no log-in outlives a working day (security: 15 minutes idle, 8 hours in all).
DESK_IDLE_MAX = timedelta(minutes=15)
DESK_OPEN_MAX = timedelta(hours=8)
# The code on paper with which a new member of staff enrols: handed over in person on the same day or the next.
ENROL_WITHIN = timedelta(hours=24)
# Full locations that one person may reveal in a day without asking anybody: enough for the few that a question really needs,
# far from the 70 to 100 items of a working day. A reviewer may allow as many again.
LOOKS_A_DAY_MAX = 10
# An answer at the desk takes effect after this pause: long enough to see a slip, short against the shortest deadline (two hours).
UNDO_FOR = timedelta(seconds=10)
# What one click may answer at most: a page of questions.
ANSWERS_AT_ONCE_MAX = 200
# A search by location reads at most so many items of one host, the newest, and every search shows at most so many.
SEARCH_READS_MAX = 2_000
SEARCH_SHOWS_MAX = 50
# Searches of one member of staff, and of all: a location is compared with two thousand opened rows, some 50 ms each time.
SEARCH_AT_ONCE_MAX = 20
SEARCH_EVERY = timedelta(seconds=6)
SEARCH_ALL_AT_ONCE_MAX = 200
SEARCH_ALL_EVERY = timedelta(seconds=0.5)
# What stands in the feed on a reporter's word alone lasts a season: long enough for a look of ours or a person's to confirm it.
SELF_ASSERTED_LASTS = timedelta(days=90)
# So many peers must doubt what two members of staff had confirmed, before it is suspended: one alone could be mistaken or hostile.
DISPUTES_AT_ORGANISATION_MIN = 2
# A head says how the feed stands now: followers ask every 20 s, and one that was held back for an hour is refused.
FEED_HEAD_LASTS = timedelta(hours=1)
# So long after a head a platform may act without a person: a withdrawal is honoured or the platform has stopped by then.
FEED_LEASE = timedelta(hours=24)
# A key that signs the feed, and how long before its turn it is announced: a follower that was away for a month still knows it.
FEED_KEY_LASTS = timedelta(days=400)
FEED_KEY_ANNOUNCED_FOR = timedelta(days=30)
# Bits of a fingerprint that tell which peer's list it is from: 256 over 4 is 1.7e8, and all stay within the radius.
MARK_BITS = 4
# A signed request is accepted for so long after it was made (RFC 9421 leaves it open; clocks that are kept right differ by less).
REQUEST_LASTS = timedelta(seconds=300)
# A court, a number and a date fit into a line.
DOCUMENT_CHARACTERS_MAX = 200
# Records of one peer that are put aside under a name each (300 bytes a row). Who sends more has a fault that a person must see:
# then the cursor stays where it is.
QUARANTINED_OF_A_PEER_MAX = 10_000
# One answer or file of a peer is read whole: a page of 1,000 NCMEC entries has 5 MB, a list of a million PDQ values 65 MB.
PEER_ANSWER_BYTES_MAX = 16_000_000
PEER_FILE_BYTES_MAX = 200_000_000
