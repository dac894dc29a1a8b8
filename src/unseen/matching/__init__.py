"""Exact search in a bank of fingerprints. Needs nothing but NumPy and a folder; a platform can use it alone."""

from unseen.matching.bank import Bank, Verified
from unseen.matching.files import BankError
from unseen.matching.scan import Hits

__all__ = ["Bank", "BankError", "Hits", "Verified"]
