"""A small abstract interpreter over the linked facts: which configs does this code build, where, how sure are we?

Its parts know `machine`, through which they reach each other; `run` puts them together.
"""
