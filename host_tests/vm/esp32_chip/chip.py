"""An ESP32's time, interrupts and scheduler, without the chip: time passes only when it is spent.

Whatever stands for work of the chip says how long it takes and in which of three ways:

    spend  Python works or sleeps: interrupts come, and their callbacks run in between
    hold   C works, be it a call or a collection of garbage: interrupts come, callbacks queue until
           Python is at a jump again (py/vm.c:1341), and what finds the queue full is dropped
    flash  the flash is written: its cache is off, so an interrupt waits, and only once

It is stricter than the chip: what would only go wrong now and then there ends the run here, with
the place in MicroPython 1.28.0 that it comes from. Durations are not measured on any ESP32. They
are meant to be worse than it.
"""

import sys

SCHEDULER_DEPTH = 8  # ports/esp32/mpconfigport.h:73
CALLBACK_US = 40  # to enter one

now_us = 0
dropped = 0  # callbacks that found the queue full: py/scheduler.c:166
timers = []  # those that run
stalled = []  # called with (start_us, us) of each write to the flash
watchdog_ms = 0
fed_us = 0
_queue = []
_running = False


def die(why):
    print("DEAD after %d ms: %s" % (now_us // 1000, why))
    sys.exit(1)


def spend(us):
    global now_us
    end_us = now_us + us + _run_queue()
    while True:
        timer = _next()
        if timer is None or timer.due_ns > end_us * 1000:
            break
        now_us = max(now_us, timer.due_ns // 1000)
        _interrupt(timer)
        end_us += _run_queue()
    now_us = end_us
    _bark()


def hold(us):
    global now_us
    now_us += us
    for timer in list(timers):
        while timer in timers and timer.due_ns <= now_us * 1000:
            _interrupt(timer)
    _bark()


def flash(us):
    global now_us
    for hook in stalled:
        hook(now_us, us)
    now_us += us
    for timer in list(timers):
        if timer.due_ns <= now_us * 1000:
            while timer.periodic and timer.due_ns + timer.period_ns <= now_us * 1000:
                timer.due_ns += timer.period_ns
            _interrupt(timer)
    _bark()


def _bark():
    if watchdog_ms and now_us - fed_us > watchdog_ms * 1000:
        die("task watchdog, not fed for %d ms: machine_wdt.c:60" % watchdog_ms)


def _next():
    first = None
    for timer in timers:
        if first is None or timer.due_ns < first.due_ns:
            first = timer
    return first


def _interrupt(timer):
    """machine_timer_isr_handler: schedule, and nobody asks whether there was room."""
    global dropped
    if timer.periodic:
        timer.due_ns += timer.period_ns
    else:
        timers.remove(timer)
    if len(_queue) == SCHEDULER_DEPTH:
        dropped += 1
    else:
        _queue.append(timer)


def _run_queue():
    """Run what is queued; how many us that took. No callback runs in another: mp_sched_lock."""
    global _running
    begun_us = now_us
    if _running:
        return 0
    _running = True
    while _queue:
        timer = _queue.pop(0)
        spend(CALLBACK_US)
        timer.callback(timer)
    _running = False
    return now_us - begun_us
