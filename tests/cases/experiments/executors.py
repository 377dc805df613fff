# What executors and pools of threads are given is called once for each, in order; what a thread changes is in doubt.
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.pool import ThreadPool

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object

    def _create(self): return 1
    def _load(self): return 1


def build(v, scale=1):
    return T(v=v * scale)  # config(T): {v: 20}; {v: 2}; {v: 30}; {v: 3}; {v: 5}; {v: 7}


def add(v):
    SEEN.append(v)
    return v


def fail(v):
    raise ValueError(v)


SEEN = []
with ThreadPoolExecutor(max_workers=2) as executor:
    jobs = [executor.submit(build, v) for v in (2, 3)]
    for made in executor.map(build, [2, 3], [10, 10]):
        T(v=(made.v,))  # config(T): {v: (20,)}; {v: (30,)}
    executor.submit(T, v="direct")  # config(T): {v: 'direct'}
    T(v=[job.result().v for job in jobs])  # config(T): {v: [2, 3]}
    for job in as_completed(jobs):
        T(v=job.result().v)  # unknown(v): a call of an element of an unknown iterable: a call of concurrent.futures.as_completed, which is outside the project
with ThreadPool(2) as pool:
    T(v=[made.v for made in pool.starmap(build, [(5, 1), (7, 1)])])  # config(T): {v: [5, 7]}
    T(v=pool.apply(add, (1,)))  # config(T): {v: 1}
    T(v=SEEN)  # unknown(v): a thread changes it
    try:
        pool.map(fail, [1])
        T(v="never")
    except ValueError:
        T(v="raised")  # config(T): {v: 'raised'}
    T(v=pool.imap_unordered(build, [1]))  # unknown(v): the method imap_unordered of a function


def check(v):
    if v == 2:
        raise ValueError(v)
    return T(v=("checked", v))  # config(T): {v: ('checked', 3)}; {v: ('checked', 4)}; {v: ('checked', 7)}


# What a worker raises is told to whoever asks for its result; in its chunk nothing follows it.
with ThreadPoolExecutor(max_workers=1) as executor:
    job = executor.submit(check, 2)
    T(v="goes on")  # config(T): {v: 'goes on'}
    try:
        job.result()
        T(v="never")
    except ValueError:
        T(v="told")  # config(T): {v: 'told'}
    try:
        T(v=[*executor.map(check, [2])])
        T(v="never")
    except ValueError:
        T(v="told of many")  # config(T): {v: 'told of many'}
with ThreadPool(1) as pool:
    try:
        pool.map(check, [2, 'never', 3, 4], 2)
    except ValueError:
        T(v="told at the end")  # config(T): {v: 'told at the end'}
    try:
        pool.map(check, [2, 7])
    except ValueError:
        T(v="each is a chunk")  # config(T): {v: 'each is a chunk'}


def late(v):
    return T(v=v)  # conditional(T): yes


def early(v):
    return T(v=v)  # conditional(T): no


# What a pool has not been asked for is ended with it.
with ThreadPool(1) as pool:
    pool.map_async(late, ["waits"])
    pool.apply(early, ("asked for",))
