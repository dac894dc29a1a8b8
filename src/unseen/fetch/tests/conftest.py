"""One running site for each test that asks for it."""

from collections.abc import Iterator

import pytest

from unseen.fetch.fetcher import Fetcher
from unseen.fetch.tests.site import Site, fetcher_for, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def fetcher(site: Site) -> Iterator[Fetcher]:
    with fetcher_for(site) as made:
        yield made
