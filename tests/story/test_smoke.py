import time
from pathlib import Path
import pytest
from tests.story.centre import open_centre, small_photos
from unseen.casework.models import Item

@pytest.mark.django_db
def test_it(tmp_path: Path) -> None:
    t=time.perf_counter()
    m = small_photos(tmp_path/"media"); print("photos", time.perf_counter()-t); t=time.perf_counter()
    with open_centre(tmp_path/"w", m) as c:
        print("start", time.perf_counter()-t); t=time.perf_counter()
        c.report(c.photo("photo-1"), locations=(c.copies("slow","photo-1")[0].page_url,))
        print("report", time.perf_counter()-t); t=time.perf_counter()
        c.tick()
        print("tick", time.perf_counter()-t); t=time.perf_counter()
        c.pass_time(days=8)
        print("8 days", time.perf_counter()-t); t=time.perf_counter()
        for i in Item.objects.all(): print(i.stage, i.outcome, i.rechecks.count(), i.notices.count())
        print(len(c.internet.truth.notices()))
