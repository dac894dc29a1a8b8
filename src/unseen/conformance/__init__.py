"""The conformance kit: a feed that behaves well and badly on purpose, and what a consumer of it must do. No Django."""
