"""The channel of packets for a regulator."""
