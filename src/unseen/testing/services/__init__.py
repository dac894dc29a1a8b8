"""Services of peers, made from their documents: each is a small server on this machine, with no state on the disk."""
