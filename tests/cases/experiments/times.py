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
e = T(v=[dt.date(2024, 1, 31).strftime("%Y%m%d-%j"), dt.datetime(2024, 1, 2, 3, 4).strftime("%H:%M")])  # config(T): {v: ['20240131-031', '03:04']}
f = T(v=dt.date(2024, 1, 31).strftime("%b"))  # unknown(v): the method strftime, which depends on the platform
g = T(v=dt.datetime.strptime("2024-05-06", "%Y-%m-%d").toordinal())  # config(T): {v: 739012}
h = T(v=dt.datetime.strptime("6 May", "%d %b").day)  # unknown(v): a format of a moment that is not followed
