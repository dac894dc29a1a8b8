"""A small internet on loopback addresses: platforms with characters, hosts, a regulator and one mail relay.

It is the independent truth that the engine is judged by, so it imports nothing of the engine.
"""

from unseen.testing.internet.registry import SmallRegistry as SmallRegistry
from unseen.testing.internet.small import Material as Material
from unseen.testing.internet.small import SmallInternet as SmallInternet
from unseen.testing.internet.wide import WideInternet as WideInternet
