"""asyncio's queue of tasks in Python: the one in C asks the PC for the time."""

from time import ticks_diff, ticks_ms

import micropython

grain_ms = 1  # whoever sleeps wakes at a multiple of it: a power of two


class TaskQueue:
    def __init__(self):
        self._tasks = []  # by the time at which they are due; who came first goes first

    @micropython.native
    def peek(self):
        return self._tasks[0] if self._tasks else None

    @micropython.native
    def push(self, task, due=None):
        task.data = None
        task.ph_key = ticks_ms() if due is None else due + grain_ms - 1 & -grain_ms & 0x3FFFFFFF
        tasks = self._tasks
        at = len(tasks)
        while at and ticks_diff(tasks[at - 1].ph_key, task.ph_key) > 0:
            at -= 1
        tasks.insert(at, task)

    @micropython.native
    def pop(self):
        return self._tasks.pop(0)

    def remove(self, task):
        self._tasks.remove(task)


class Task:
    """As far as the firmware needs it: tasks are created and end; nobody waits for one."""

    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0
