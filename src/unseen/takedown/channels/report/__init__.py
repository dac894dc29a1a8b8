"""The abuse report channel."""
