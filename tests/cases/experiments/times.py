# A moment with a zone is known, one without is not.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import datetime as dt

a = T(v=dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc))  # config(T): {v: 2024-01-02T00:00:00+00:00}
b = T(v=dt.datetime(2024, 1, 2))  # unknown(v): a datetime without a zone
c = T(v=dt.datetime.now())  # unknown(v): a call of datetime.datetime.now
d = T(v=dt.datetime(2024, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=5))))  # config(T): {v: 2024-01-01T22:00:00+00:00}
