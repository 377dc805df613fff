# Classes that inherit from each other are a problem, not an endless loop.
#: file other.py
import case


class B(case.A):
    pass

#: file case.py
import other


class A(other.B):
    pass
