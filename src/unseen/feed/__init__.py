"""The hash feed as it travels: lines, the tree over them, signed pages, and what a follower accepts. No Django, no I/O, no clock."""
