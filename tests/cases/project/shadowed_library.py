# A class of that name that is not that of the library is no experiment.
class Huldra:
    pass


class K(Huldra):
    pass


a = K()
