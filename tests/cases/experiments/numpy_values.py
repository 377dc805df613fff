# Ranges of NumPy's and the numbers in them, as far as every processor and every version agrees on them.
import math

import numpy
import numpy as np
from numpy import linspace

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = None

    def _create(self): return 1
    def _load(self): return 1


for rate in numpy.linspace(0, 1, 3):
    T(v=rate)  # config(T): {v: 0.0, w: None}; {v: 0.5, w: None}; {v: 1.0, w: None}
T(v=np.arange(3).tolist())  # config(T): {v: [0, 1, 2], w: None}
T(v=np.linspace(0.1, 0.7, 7).tolist())  # config(T): {v: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], w: None}
T(v=np.linspace(5, 1, num=4, endpoint=False).tolist())  # config(T): {v: [5.0, 4.0, 3.0, 2.0], w: None}
T(v=list(linspace(2, 3, 1)), w=len(linspace(2, 3, 0)))  # config(T): {v: [2.0], w: 0}
T(v=np.arange(0.1, 0.5, 0.1).tolist())  # config(T): {v: [0.1, 0.2, 0.30000000000000004, 0.4], w: None}
T(v=np.arange(3, 0, -1).tolist(), w=np.arange(stop=2.0).tolist())  # config(T): {v: [3, 2, 1], w: [0.0, 1.0]}
for k in np.arange(4, 7):
    T(v=int(2**k), w=float(k) / 2)  # config(T): {v: 16, w: 2.0}; {v: 32, w: 2.5}; {v: 64, w: 3.0}

grid = np.linspace(0, 1, 5)
T(v=grid[1], w=grid[-1])  # config(T): {v: 0.25, w: 1.0}
T(v=(grid[1:3] * 10 + 1).tolist(), w=grid[::-1].tolist())  # config(T): {v: [3.5, 6.0], w: [1.0, 0.75, 0.5, 0.25, 0.0]}
T(v=len(grid), w=grid.shape)  # config(T): {v: 5, w: (5,)}
T(v=grid.size, w=grid.ndim)  # config(T): {v: 5, w: 1}
first, *rest = grid[:3]
T(v=first, w=[float(one) for one in rest])  # config(T): {v: 0.0, w: [0.25, 0.5]}
T(v=[float(x) for x in grid if x > 0.5], w=0.25 in list(grid))  # config(T): {v: [0.75, 1.0], w: True}
T(v=f"lr_{grid[1]}_{grid[1]:.1e}", w=str(grid[2]))  # config(T): {v: 'lr_0.25_2.5e-01', w: '0.5'}
T(v=math.log2(grid[2]), w=int(grid[4]))  # config(T): {v: -1.0, w: 1}
T(v=isinstance(grid[0], float), w=isinstance(np.arange(2)[0], (int, float)))  # config(T): {v: True, w: False}
T(v=1 if grid[0] else 2, w=1 if grid[1] == 0.25 else 2)  # config(T): {v: 2, w: 1}
T(v=-grid[1], w=abs(-grid[1]))  # config(T): {v: -0.25, w: 0.25}
T(v=(2 - grid / 4).tolist(), w=(grid + grid).tolist())  # config(T): {v: [2.0, 1.9375, 1.875, 1.8125, 1.75], w: [0.0, 0.5, 1.0, 1.5, 2.0]}

T(v=np.round(np.array([0.15, 0.25]), 1).tolist(), w=round(0.15, 1))  # config(T): {v: [0.2, 0.2], w: 0.1}
T(v=round(np.float64(0.15), 1), w=round(np.float64(2.5)))  # config(T): {v: 0.2, w: 2}
T(v=np.array([1, 2.5]).tolist(), w=np.array([1, 2]).astype(float).tolist())  # config(T): {v: [1.0, 2.5], w: [1.0, 2.0]}
T(v=np.array((3, 4)).round().tolist() if grid is None else np.array([0.5, 1.5]).round().tolist())  # config(T): {v: [0.0, 2.0], w: None}
T(v=np.float64(1).item(), w=np.int64(7).item())  # config(T): {v: 1.0, w: 7}
for rate, seed in zip(np.linspace(1e-4, 1e-3, 2), range(2)):
    T(v=rate, w=seed)  # config(T): {v: 0.0001, w: 0}; {v: 0.001, w: 1}

view = grid[1:]
kept = grid.copy()
T(v=kept.tolist(), w=view.tolist())  # config(T): {v: [0.0, 0.25, 0.5, 0.75, 1.0], w: [0.25, 0.5, 0.75, 1.0]}
T(v=np.pi, w=np.inf)  # config(T): {v: 3.141592653589793, w: inf}
