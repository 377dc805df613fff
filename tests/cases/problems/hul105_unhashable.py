# What has no hash is reported at its argument, and once: where it is built, not where that is held.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Model(Base):  # class: case.Model
    schedule: object = None


class Train(Base):  # class: case.Train
    model: Model


model = Model(
    schedule=lambda step: step,  # problem: HUL105 Model cannot be hashed: field 'schedule' holds a function
)
run = Train(model=model)
fine = Train(model=Model(schedule=[0.1, (0.2, None)]))  # config(Train): {model: Model{schedule: [0.1, (0.2, None)]}}

import datetime

east = datetime.timezone(datetime.timedelta(hours=9))
early = Model(schedule=datetime.datetime(1, 1, 1, 8, tzinfo=east))  # problem: HUL105 whose moment in UTC is before the year 1
