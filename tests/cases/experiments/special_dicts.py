# The dicts of collections keep their own ways.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


from collections import Counter, OrderedDict, defaultdict

groups = defaultdict(list)
for key, value in [("a", 1), ("b", 2), ("a", 3)]:
    groups[key].append(value)
T(v=groups)  # config(T): {v: {'a': [1, 3], 'b': [2]}}
counts = Counter("aab")
counts.update("b")
T(v=(counts.most_common(1), counts["z"], counts.total(), dict(counts + Counter(a=1))))  # config(T): {v: ([('a', 2)], 0, 4, {'a': 3, 'b': 2})}
ordered = OrderedDict(a=1, b=2)
ordered.move_to_end("a")
T(v=list(ordered))  # config(T): {v: ['b', 'a']}
T(v=str(counts))  # unknown(v): str(…) of an operation on a Counter that is not followed
import json

T(v=ordered == OrderedDict(a=1, b=2))  # config(T): {v: False}
T(v=(ordered == {"a": 1, "b": 2}, {"a": 1, "b": 2} == ordered, groups == {}))  # config(T): {v: (True, True, False)}
T(v=(counts == {"a": 2, "b": 2}, counts == Counter(a=2, b=2, c=0), counts == ordered))  # config(T): {v: (True, True, False)}
T(v=(counts == [1], ordered != 3))  # config(T): {v: (False, True)}
T(v=json.dumps([ordered, counts, groups]))  # config(T): {v: '[{"b": 2, "a": 1}, {"a": 2, "b": 2}, {"a": [1, 3], "b": [2]}]'}
