"""The sample media that ship: ordinary photographs and two short videos. Licences: LICENCES.csv beside this file."""

from pathlib import Path

FOLDER = Path(__file__).parent
PHOTOS = tuple(sorted((FOLDER / "photos").iterdir()))
VIDEOS = tuple(sorted((FOLDER / "videos").iterdir()))
LICENCES = FOLDER / "LICENCES.csv"
