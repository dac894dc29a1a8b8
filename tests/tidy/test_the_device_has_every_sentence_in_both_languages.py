"""The script on the device falls back to English for a sentence that the page does not bring: it brings every one."""

import json
import re
from pathlib import Path

from unseen.door.words import device_words

WORDS = Path(__file__).parents[2] / "browser" / "src" / "words.ts"


def test_the_page_brings_each_sentence_that_the_script_says() -> None:
    standing_in = dict(re.findall(r'^  (\w+): "(.+)",$', WORDS.read_text(), re.MULTILINE))
    assert json.loads(device_words()) == standing_in
