"""Stand-ins for the outside world that ship with Unseen: a clock that can be set and a small internet."""
