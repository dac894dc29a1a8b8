"""Interfaces of others: one folder each. Their words stay there; `record` has ours, and every adapter is tested by one suite."""
