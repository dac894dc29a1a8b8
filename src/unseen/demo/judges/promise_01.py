"""The picture never leaves the reporter's device; neither does its file name."""

from unseen.demo.judges.evidence import Evidence, Judgement

_WINDOW_BYTES = 48  # a stretch of a file that cannot occur anywhere else by chance
_WINDOWS = 60
_INTAKE_BYTES_PER_MATERIAL_MAX = 64 * 1024


def judge(evidence: Evidence) -> Judgement:
    files = [material.path for material in evidence.world.internet.material.values()]
    faults = []
    places = {"the intake's wire": evidence.run.sent_to_intake}
    kept = [evidence.world.folder / "data", evidence.world.internet.sent_archive]
    for folder in kept:
        places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for place, content in places.items():
        faults += [f"{place} names a file" for file in files if file.stem.encode() in content]
        faults += [f"{place} holds bytes of a file" for file in files if _holds(content, file.read_bytes())]
    materials = sum(material.case == "first" for material in evidence.world.internet.material.values())
    if (
        not evidence.run.sent_to_intake
        or len(evidence.run.sent_to_intake) > materials * _INTAKE_BYTES_PER_MATERIAL_MAX
    ):
        faults.append(f"{len(evidence.run.sent_to_intake)} bytes left the device")
    return faults, (
        f"{len(evidence.run.sent_to_intake)} bytes left the device for {materials} materials; "
        f"{len(places)} files and records hold no stretch of a picture and no file name"
    )


def _holds(content: bytes, file: bytes) -> bool:
    step = max(1, (len(file) - _WINDOW_BYTES) // _WINDOWS)
    starts = range(_WINDOW_BYTES, len(file) - _WINDOW_BYTES, step)
    windows = (file[start : start + _WINDOW_BYTES] for start in starts)
    return any(window in content for window in windows if len(set(window)) > _WINDOW_BYTES // 3)
