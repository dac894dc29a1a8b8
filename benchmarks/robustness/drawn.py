"""Edits that AugLy does not have: bands, screens with their interface, collages, inpainting, a photograph of a screen."""

import os
from random import Random

import cv2
import numpy as np
from augly import utils
from augly.image import functional as augly
from PIL import Image, ImageDraw, ImageFont

BORDER_COLOURS = ((0, 0, 0), (0, 0, 0), (255, 255, 255), (240, 240, 240), (24, 24, 28), (90, 30, 40))
_FONT = os.path.join(utils.FONTS_DIR, "Raleway-ExtraBold.ttf")  # noqa: PTH118
_TEXT = "when you see it nobody was ready for this my whole weekend wait for the end look who came back"
_WORDS = _TEXT.split()


def letterbox(image: Image.Image, random: Random) -> Image.Image:
    """Bars above and below, or at both sides, 8 to 20 % of the length each."""
    bar = random.uniform(0.08, 0.2)
    colour = random.choice(BORDER_COLOURS)
    across, down = (0.0, bar) if random.random() < 0.6 else (bar, 0.0)
    return augly.pad(image, w_factor=across, h_factor=down, color=colour)


def caption(image: Image.Image, random: Random, share: float) -> Image.Image:
    """A white band with a sentence above or below, as high as `share` of the shorter side, give or take a third."""
    band = round(min(image.size) * share * random.uniform(0.67, 1.33))
    above = random.random() < 0.7
    made = Image.new("RGB", (image.width, image.height + band), "white")
    made.paste(image, (0, band if above else 0))
    words = " ".join(random.sample(_WORDS, 4)) + "\n" + " ".join(random.sample(_WORDS, 4))
    _write(made, words, (0, 0 if above else image.height, image.width, band))
    return made


def _write(image: Image.Image, words: str, box: tuple[int, int, int, int], fill: str = "black") -> None:
    """Words centred in a box (left, top, width, height), as large as fits."""
    left, top, width, height = box
    draw = ImageDraw.Draw(image)
    for size in range(max(8, height // 2), 7, -2):
        font = ImageFont.truetype(_FONT, size)
        _, _, wide, high = draw.multiline_textbbox((0, 0), words, font=font)
        if wide <= width * 0.94 and high <= height * 0.9:
            break
    at = (left + (width - wide) / 2, top + (height - high) / 2)
    draw.multiline_text(at, words, font=font, fill=fill, align="center")


def augly_screenshot(image: Image.Image, random: Random) -> Image.Image:
    """AugLy's own templates, the picture made to fit into theirs."""
    template = random.choice(("web.png", "mobile.png"))
    return augly.overlay_onto_screenshot(
        image, template_filepath=os.path.join(utils.SCREENSHOT_TEMPLATES_DIR, template)  # noqa: PTH118
    )  # fmt: skip


def phone_screenshot(image: Image.Image, random: Random) -> Image.Image:
    """A phone's whole screen, light or dark: status bar, app bar with a name, the picture, buttons, lines of text."""
    width, height = random.choice(((540, 1170), (540, 960), (540, 1200)))
    dark = random.random() < 0.4
    paper, ink = ((18, 18, 20), (225, 225, 230)) if dark else ((255, 255, 255), (30, 30, 30))
    screen = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(screen)
    margin = random.choice((0, 0, 0, 16, 40))
    room = (width - 2 * margin, height - 300)
    scale = min(room[0] / image.width, room[1] / image.height)
    shown = image.convert("RGB").resize((round(image.width * scale), round(image.height * scale)))
    left = (width - shown.width) // 2
    top = 120 + (random.randrange(0, max(1, room[1] - shown.height)) if random.random() < 0.5 else 0)
    screen.paste(shown, (left, top))
    _status_bar(draw, width, ink)
    draw.line((0, 110, width, 110), fill=(128, 128, 128))
    draw.ellipse((16, 52, 60, 96), fill=(200, 90, 120))
    draw.text((76, 60), " ".join(random.sample(_WORDS, 2)), font=ImageFont.truetype(_FONT, 22), fill=ink)
    _buttons(draw, top + shown.height + 14, width, ink, random)
    return screen


def _status_bar(draw: ImageDraw.ImageDraw, width: int, ink: tuple[int, int, int]) -> None:
    draw.text((20, 8), "21:47", font=ImageFont.truetype(_FONT, 20), fill=ink)
    draw.rectangle((width - 52, 12, width - 20, 26), outline=ink, width=2)
    draw.rectangle((width - 50, 14, width - 34, 24), fill=ink)


def _buttons(
    draw: ImageDraw.ImageDraw, top: int, width: int, ink: tuple[int, int, int], random: Random
) -> None:
    for place in range(3):
        draw.ellipse((20 + 56 * place, top, 50 + 56 * place, top + 30), outline=ink, width=3)
    draw.rectangle((width - 46, top, width - 22, top + 30), outline=ink, width=3)
    font = ImageFont.truetype(_FONT, 18)
    for line in range(random.randrange(1, 4)):
        draw.text((20, top + 44 + 26 * line), " ".join(random.sample(_WORDS, 5)), font=font, fill=ink)


def collage(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    """Two whole pictures side by side or one above the other, either first, with or without a gap."""
    beside, first = random.random() < 0.5, random.random() < 0.5
    gap = random.choice((0, 0, 8))
    ours, theirs = image.convert("RGB"), other.convert("RGB")
    if beside:
        theirs = theirs.resize((max(1, round(theirs.width * ours.height / theirs.height)), ours.height))
        size = (ours.width + gap + theirs.width, ours.height)
    else:
        theirs = theirs.resize((ours.width, max(1, round(theirs.height * ours.width / theirs.width))))
        size = (ours.width, ours.height + gap + theirs.height)
    made = Image.new("RGB", size, random.choice(((255, 255, 255), (0, 0, 0))))
    one, two = (ours, theirs) if first else (theirs, ours)
    made.paste(one, (0, 0))
    made.paste(two, (one.width + gap, 0) if beside else (0, one.height + gap))
    return made


def inpainted_quarter(image: Image.Image, random: Random) -> Image.Image:
    """A quarter of the area, anywhere, replaced by what its surroundings suggest."""
    return _inpainted(image, random.uniform(0, 0.5), random.uniform(0, 0.5), 0.5, 0.5, random)


def inpainted_middle(image: Image.Image, random: Random) -> Image.Image:
    """A body's shape in the middle replaced: what a tool that undresses people leaves is the surroundings."""
    wide, high = random.uniform(0.3, 0.4), random.uniform(0.5, 0.62)
    return _inpainted(image, 0.5 - wide / 2, random.uniform(0.25, 0.35), wide, high, random)


def _inpainted(
    image: Image.Image, left: float, top: float, wide: float, high: float, random: Random
) -> Image.Image:
    """Telea's inpainting (2004) on a small copy, enlarged, with soft shapes of its own and grain, inside an ellipse or box."""
    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(
        mask,
        (round(left * width), round(top * height)),
        (round((left + wide) * width) - 1, round((top + high) * height) - 1),
        255,
        -1,
    )
    small = (max(8, width // 6), max(8, height // 6))
    few = cv2.inpaint(cv2.resize(pixels, small), cv2.resize(mask, small, interpolation=cv2.INTER_NEAREST), 5, cv2.INPAINT_TELEA)  # fmt: skip
    made = cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    grain = np.random.default_rng(random.randrange(2**31))
    shapes = cv2.resize(grain.normal(0, 25, (6, 6, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)  # fmt: skip
    made += shapes + grain.normal(0, 4, pixels.shape)
    soft = cv2.GaussianBlur(mask, (0, 0), 3).astype(np.float32)[:, :, None] / 255
    return Image.fromarray(np.clip(pixels * (1 - soft) + made * soft, 0, 255).astype(np.uint8))


def perspective(image: Image.Image, random: Random, share: float) -> Image.Image:
    """AugLy's `perspective_transform`: every corner moves by a normal deviate; what was outside is black."""
    sigma = share * min(image.size)
    width, height = image.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + np.array([[random.gauss(0, sigma) for _ in range(2)] for _ in range(4)], np.float32)
    bent = cv2.getPerspectiveTransform(moved.astype(np.float32), corners)
    pixels = np.asarray(image.convert("RGB"))
    return Image.fromarray(cv2.warpPerspective(pixels, bent, (width, height), flags=cv2.INTER_CUBIC))


def photo_of_screen(image: Image.Image, random: Random) -> Image.Image:
    """A hand-held photograph of a monitor: its pixel grid beats with the camera's (moire), perspective, glare, a dark rim."""
    pixels = np.asarray(image.convert("RGB")).astype(np.float32)
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, period = random.uniform(0, np.pi), random.uniform(4, 9)
    wave = np.cos(2 * np.pi * (columns * np.cos(angle) + rows * np.sin(angle)) / period)
    pixels *= (1 + 0.08 * wave)[:, :, None]
    pixels += 12 * np.cos(2 * np.pi * rows / 3)[:, :, None]  # the lines of the screen
    centre = (random.uniform(0, width), random.uniform(0, height))
    spread = 0.3 * max(width, height)
    glare = np.exp(-((columns - centre[0]) ** 2 + (rows - centre[1]) ** 2) / (2 * spread**2))
    pixels = 0.85 * pixels + 20 + (90 * glare)[:, :, None]
    rim = round(0.06 * max(width, height))
    framed = cv2.copyMakeBorder(
        np.clip(pixels, 0, 255), rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(22, 22, 24)
    )
    high, wide = framed.shape[:2]
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    lean = 0.035 * min(wide, high)
    moved = corners + np.array([[random.gauss(0, lean) for _ in range(2)] for _ in range(4)], np.float32)
    bent = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    wall = (70, 66, 60)
    seen = cv2.warpPerspective(framed, bent, (wide, high), borderMode=cv2.BORDER_CONSTANT, borderValue=wall)
    return Image.fromarray(cv2.GaussianBlur(seen, (0, 0), 0.8).astype(np.uint8))
