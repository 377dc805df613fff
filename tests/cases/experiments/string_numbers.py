# Numbers and texts are converted as Python does.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


a = T(v=(int("12"), float("1e3"), str(3.0), bool(""), int(2.9), round(2.5), divmod(7, 2)))  # config(T): {v: (12, 1000.0, '3.0', False, 2, 2, (3, 1))}
b = T(v=(hex(255), "%.2e" % 1234.5, f"{1_000_000:,}", f"{0.25:.0%}"))  # config(T): {v: ('0xff', '1.23e+03', '1,000,000', '25%')}
