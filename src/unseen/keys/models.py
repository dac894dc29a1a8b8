"""The keys of the reports, each wrapped by the centre's key, which is in no table."""

from django.db import models


class CaseKey(models.Model):
    """What opens everything that one report led to. Without this row it is noise, in the oldest backup too."""

    report = models.UUIDField(
        primary_key=True, editable=False
    )  # its id; the reports' table comes later in the flow
    wrapped = models.BinaryField(max_length=60)

    def __str__(self) -> str:
        return f"key of {self.report}"
