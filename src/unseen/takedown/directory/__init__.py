"""Who can be asked to remove something, under which laws, and how they are reached: data files and their loader.

No Django here. Add a platform by adding one file to `platforms/`; `unseen directory check` says whether it is right.
"""

from unseen.takedown.directory.directory import Directory, LocationNotUnderstood, UnknownName
from unseen.takedown.directory.load import SHIPPED, load_directory
from unseen.takedown.directory.party import Addressee, Channel, ChannelKind, Party, PartyKind
from unseen.takedown.directory.problems import DirectoryError, Problem

__all__ = [
    "SHIPPED",
    "Addressee",
    "Channel",
    "ChannelKind",
    "Directory",
    "DirectoryError",
    "LocationNotUnderstood",
    "Party",
    "PartyKind",
    "Problem",
    "UnknownName",
    "load_directory",
]
