"""The JSON API channel."""
