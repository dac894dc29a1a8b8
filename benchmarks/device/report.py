"""The page of what was measured."""

from typing import Any

from benchmarks import machine

PICTURE_TARGET_S, FILM_TARGET_S = 1.5, 20


def page(results: dict[str, Any]) -> str:
    film, same = results["film"], results["agreement"]
    lines = [
        "# Fingerprints on the reporter's own device",
        "",
        "`make benchmark-device` measures this again; do not edit. Wall time in Chromium from the choice of a file until the form",
        f"may be sent, on a page newly opened each time ({results['rounds']} rounds): the worker and its decoder are loaded and",
        "compiled within it. The server is this machine.",
        "",
        f"Chromium {results['browser']}. {machine.line(results)}",
        "",
        "## A picture of twelve megapixels",
        "",
        f"The target is {PICTURE_TARGET_S} s for a JPEG.",
        "",
        "| | megabytes | median, s | most, s | bits from the server's | bytes that leave |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        (
            f"| {row['name']} | {row['megabytes']:.1f} | {row['median_ms'] / 1000:.2f} | {row['most_ms'] / 1000:.2f} | "
            f"{row['distance_bits']} | {row['leaves_bytes']} |"
        )
        for row in results["pictures"]
    ]
    lines += [
        "",
        "## A minute of 720p, H.264, 30 frames a second",
        "",
        f"The target is {FILM_TARGET_S} s.",
        "",
        "| megabytes | median, s | most, s | frames | bits from the server's, most | bytes that leave |",
        "|---:|---:|---:|---:|---:|---:|",
        (
            f"| {film['megabytes']:.1f} | {film['median_ms'] / 1000:.1f} | {film['most_ms'] / 1000:.1f} | "
            f"{film['frames']} | {film['most_bits']} | {film['leaves_bytes']} |"
        ),
        "",
        "## Photographs as they are",
        "",
        f"{same['photos']} JPEG photographs of quality 50 or more: at most {same['most_bits']} bits from the server's;",
        f"{same['refused']} refused.",
        "",
        "## What is loaded",
        "",
        "Kilobytes, compressed, once a page; a decoder only when a file needs it.",
        "",
        f"| {' | '.join(results['loaded'])} |",
        f"|{'---:|' * len(results['loaded'])}",
        f"| {' | '.join(f'{size:.0f}' for size in results['loaded'].values())} |",
    ]
    return "\n".join(lines) + "\n"
