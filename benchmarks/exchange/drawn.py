"""Harmless pictures that everybody makes: blank screens, gradients, test cards, flags, badges, text pages. Drawn, so free."""

import random
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFont

SIDE = 512
Drawing = tuple[str, Image.Image]
_COLOURS = ("#000000", "#ffffff", "#cd2e3a", "#0047a0", "#ffce00", "#009246", "#ff7900", "#5b2d90", "#808080")


def all_drawings() -> Iterator[Drawing]:
    """Each with a name; the same every time."""
    yield from _gradients()
    yield from _cards()
    yield from _flags()
    yield from _badges()
    yield from _texts()


def _canvas(colour: str = "#ffffff") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (SIDE, SIDE), colour)
    return image, ImageDraw.Draw(image)


def _gradients() -> Iterator[Drawing]:
    ramp = Image.linear_gradient("L").resize((SIDE, SIDE))
    round_ = Image.radial_gradient("L").resize((SIDE, SIDE))
    for name, grey in (("linear", ramp), ("radial", round_)):
        for turn in (0, 90, 180, 270) if name == "linear" else (0,):
            turned = grey.rotate(turn)
            yield f"gradient {name} {turn}", turned.convert("RGB")
        yield f"gradient {name} upside", grey.point(lambda value: 255 - value).convert("RGB")


def _cards() -> Iterator[Drawing]:
    for count in (2, 3, 4, 5, 6, 7, 8, 10, 12, 16):
        for name in ("bars", "stripes", "chess"):
            image, draw = _canvas()
            step = SIDE / count
            for row in range(count):
                for column in range(count):
                    number = {"bars": column, "stripes": row, "chess": row + column}[name]
                    colour = _COLOURS[number % (2 if name == "chess" else len(_COLOURS))]
                    box = (column * step, row * step, (column + 1) * step, (row + 1) * step)
                    draw.rectangle(box, fill=colour)
            yield f"card {name} {count}", image


def _flags() -> Iterator[Drawing]:
    for first in range(len(_COLOURS)):
        for name in ("tricolour", "triband", "cross", "disc", "saltire", "canton"):
            one, two, three = (_COLOURS[(first + step) % len(_COLOURS)] for step in (0, 1, 3))
            image, draw = _canvas(one)
            third = SIDE / 3
            if name == "tricolour":
                draw.rectangle((third, 0, 2 * third, SIDE), fill=two)
                draw.rectangle((2 * third, 0, SIDE, SIDE), fill=three)
            elif name == "triband":
                draw.rectangle((0, third, SIDE, 2 * third), fill=two)
                draw.rectangle((0, 2 * third, SIDE, SIDE), fill=three)
            elif name == "cross":
                draw.rectangle((0, 0.42 * SIDE, SIDE, 0.58 * SIDE), fill=two)
                draw.rectangle((0.3 * SIDE, 0, 0.45 * SIDE, SIDE), fill=two)
            elif name == "disc":
                draw.ellipse((0.25 * SIDE, 0.25 * SIDE, 0.75 * SIDE, 0.75 * SIDE), fill=two)
            elif name == "saltire":
                draw.line((0, 0, SIDE, SIDE), fill=two, width=70)
                draw.line((0, SIDE, SIDE, 0), fill=two, width=70)
            else:
                draw.rectangle((0, 0, SIDE / 2, SIDE / 2), fill=two)
                draw.rectangle((0, 0.8 * SIDE, SIDE, SIDE), fill=three)
            yield f"flag {name} {first}", image


def _badges() -> Iterator[Drawing]:
    """Shapes such as logos are made of."""
    for number in range(40):
        luck = random.Random(number)
        image, draw = _canvas(luck.choice(_COLOURS))
        for _ in range(luck.randint(2, 5)):
            x, y, side = luck.uniform(60, 300), luck.uniform(60, 300), luck.uniform(80, 200)
            shape = luck.choice((draw.ellipse, draw.rectangle))
            shape((x, y, x + side, y + side), fill=luck.choice(_COLOURS))
        corners = [(luck.uniform(40, 470), luck.uniform(40, 470)) for _ in range(3)]
        draw.polygon(corners, fill=luck.choice(_COLOURS))
        yield f"badge {number}", image


def _texts() -> Iterator[Drawing]:
    words = [
        "this",
        "page",
        "is",
        "not",
        "available",
        "please",
        "try",
        "again",
        "later",
        "terms",
        "of",
        "service",
        "sign",
        "in",
        "to",
        "continue",
    ]
    for number, size in enumerate((14, 20, 28, 40, 60, 90)):
        font = ImageFont.load_default(size)
        for dark in (False, True):
            luck = random.Random(number)
            image, draw = _canvas("#111111" if dark else "#ffffff")
            for line in range(int((SIDE - 40) / (1.4 * size))):
                text = " ".join(luck.choice(words) for _ in range(max(1, 700 // (size * 4))))
                draw.text(
                    (20, 20 + line * 1.4 * size), text, fill="#eeeeee" if dark else "#222222", font=font
                )
            yield f"text {size} {'dark' if dark else 'light'}", image
