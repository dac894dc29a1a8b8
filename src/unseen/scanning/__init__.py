"""Bulk scanning: everything that sources hold, looked for in a bank on all cores or on a cluster, and never twice."""
