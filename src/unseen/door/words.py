"""Sentences for the script that makes fingerprints on the device, in the language of the page."""

import json

from django.utils.translation import gettext as _


def device_words() -> str:
    """JSON for `<template data-words>`: the keys are those of browser/src/words.ts."""
    words = {
        "working": _("Working on file {number} of {total}. Everything stays on this device."),
        "ready": _("{count} fingerprints are ready. Your pictures and videos stay on this device."),
        "ready_one": _("One fingerprint is ready. Your picture or video stays on this device."),
        "too_many": _("Only the first {most} files were taken. You can send another report with the others."),
        "cancelled": _("Stopped. Nothing was kept."),
        "places": _("You can still report the places where you saw it."),
        "refused_unsupported": _("File {number} is not a picture or video that we can read here."),
        "refused_undecodable": _("File {number} is damaged. Another copy of it may work."),
        "refused_too_large": _("File {number} is too large for this device."),
        "refused_empty": _("File {number} is empty."),
        "refused_animated": _("File {number} is a moving picture of a kind that we cannot read here."),
        "refused_blank": _("File {number} shows too little to tell it from others."),
        "refused_device": _(
            "This browser cannot read file {number} reliably, so we made no fingerprint of it."
        ),
    }
    return json.dumps(words, ensure_ascii=False)
