"""The hash exchange, measured."""
