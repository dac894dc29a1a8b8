"""The match server: beside a platform's upload door it tells what an upload's fingerprint is near to. No Django.

It answers HMA's read-only routes as HMA does, and a batch route of our own; uploads and fingerprints never leave it.
"""
