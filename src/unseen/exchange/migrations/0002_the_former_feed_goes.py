"""The thin feed of JSON rows goes, with the keys to it: it had one list for all peers, no salts and no signatures, so its rows
cannot become lines of signed lists, and a key without an invitation follows nothing. Every peer is invited anew; what may be
shared is fed to it from the beginning (intake marks those reports as due)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("exchange", "0001_initial"),)
    operations = (migrations.DeleteModel("FeedRow"), migrations.DeleteModel("Peer"))
