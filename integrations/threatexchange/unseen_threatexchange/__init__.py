"""For `threatexchange config extensions add unseen_threatexchange`."""

from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest

from unseen_threatexchange.exchange import UnseenSignalExchangeAPI

TX_MANIFEST = ThreatExchangeExtensionManifest(apis=(UnseenSignalExchangeAPI,))
