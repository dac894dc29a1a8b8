"""A key for every report: what it seals can be read while the key lives, and by nobody afterwards."""
