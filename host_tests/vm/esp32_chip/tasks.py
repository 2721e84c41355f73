"""asyncio's queue of tasks in Python: the one in C asks the PC for the time."""

import time


class TaskQueue:
    def __init__(self):
        self._tasks = []  # by the time at which they are due

    def peek(self):
        return self._tasks[0] if self._tasks else None

    def push(self, task, due=None):
        task.data = None
        task.ph_key = time.ticks_ms() if due is None else due
        at = len(self._tasks)
        while at and time.ticks_diff(self._tasks[at - 1].ph_key, task.ph_key) > 0:
            at -= 1
        self._tasks.insert(at, task)

    def pop(self):
        return self._tasks.pop(0)


class Task:
    """As far as tasks are created and end; none is waited for or cancelled."""

    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0
