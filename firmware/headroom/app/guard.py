"""What the supervisor decides takes effect here: on the tasks, the bus, the controller."""


class Guard:
    """failure  the exception that ended a task, None while all run"""

    def __init__(self, supervisor, bus, controller):
        self._supervisor = supervisor
        self._bus = bus
        self._controller = controller
        self.failure = None

    async def run(self, name, work):
        """Run a task; whatever it raises trips the supervisor."""
        try:
            await work
        except Exception as error:
            self.failure = error
            self._supervisor.trip("task '%s' failed: %r" % (name, error))

    def look(self, elapsed_ms):
        """The supervisor's round; once it lets go again nobody returns to what he had."""
        self._supervisor.check(elapsed_ms)
        tripped = bool(self._supervisor.tripped)
        if self._bus.failsafe and not tripped:
            self._controller.begin_again()
        self._bus.failsafe = tripped
        self._bus.silent = self._supervisor.dead
        self._bus.switch()

    def last_words(self, events):
        """The fallback for every charger, blocking; who could not be told is noted."""
        for charger, error in self._bus.last_words():
            events.note("%s was not told its fallback: %r" % (charger.name, error))
