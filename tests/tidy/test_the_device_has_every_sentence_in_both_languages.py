"""The script on the device falls back to English for a sentence that the page does not bring: it brings every one."""

import json
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from unseen.door.words import device_words

pytestmark = pytest.mark.thorough

WORDS = Path(__file__).parents[2] / "browser" / "src" / "words.ts"


def test_the_page_brings_each_sentence_that_the_script_says() -> None:
    standing_in = dict(re.findall(r'^  (\w+): "(.+)",$', WORDS.read_text(), re.MULTILINE))
    with override("en"):
        assert json.loads(device_words()) == standing_in
    with override("ko"):
        korean = json.loads(device_words())
    assert [name for name, sentence in korean.items() if sentence == standing_in[name]] == []
