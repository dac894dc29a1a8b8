"""Changes a bank for ever, saying each change before it is made and after; made to be killed."""

import random
import sys

import numpy as np

from tests.faults.bank import rows_of
from unseen.matching import Bank, bank, index


def main() -> None:
    folder, seed = sys.argv[1:]
    chance = random.Random(int(seed))
    bank._RECENT_ROWS_MAX = 60  # so that files are made and merged all the time
    index.INDEX_ROWS_MIN = 400
    writer = Bank.open(folder)
    say("ready")
    while True:
        held = writer.ids().tolist()
        if held and (len(held) > 600 or chance.random() < 0.25):
            numbers = chance.sample(held, min(len(held), chance.choice([1, 5, 50, 400])))
            say("remove", *numbers)
            writer.remove(np.array(numbers, np.uint64))
        else:
            first = chance.randrange(1, 1 << 50)
            numbers = list(range(first, first + chance.choice([1, 2, 10, 50, 100])))
            say("add", *numbers)
            writer.add(*rows_of(numbers))
        say("done")


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


main()
