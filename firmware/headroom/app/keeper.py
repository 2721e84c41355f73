"""What goes to the flash while the meter runs: energy totals, sessions, events, a firmware proven.

Only while no line sends: an erase holds every interrupt for 45 ms, also those that send. Whatever
prevents a file from being written must not stop the meter, and is noted.
"""

import sys

from ..metering.energy import SAVE_EVERY_MS


class Keeper:
    """kept          totals (metering/energy.py, watthours.py), each with the file it is kept in
    logs          each with due() and write(); the last is storage/events.py
    trial         storage/trial.py, None unless a firmware is on trial
    lines         the RS-485 lines, each with sending()
    """

    def __init__(self, kept, logs, trial, lines):
        self._kept = kept
        self._logs = logs
        self._trial = trial
        self._lines = lines
        self._unsaved_ms = 0

    def pass_time(self, elapsed_ms):
        """So much time has passed."""
        self._unsaved_ms += elapsed_ms

    def sending(self):
        """Is any line in the middle of a frame?"""
        for line in self._lines:
            if line.sending():
                return True
        return False

    def write_due(self, uptime_ms, well):
        """Write what is due, between two exchanges; `well`: the supervisor has not given up."""
        if self.sending():
            return
        if self._unsaved_ms >= SAVE_EVERY_MS:
            self._save_energy()
        if self._trial and well:
            self._trial.look(uptime_ms)
        for log in self._logs:
            if log.due():
                self._write(log)
                return  # each holds the loop for a while

    def write_all(self):
        """Before a restart: nothing is raised, for it waits."""
        self._save_energy()
        for log in self._logs:
            self._write(log)

    def restart_wanted(self):
        """Somebody wants it: a firmware on trial is tried once more."""
        if self._trial:
            self._trial.again()

    def _save_energy(self):
        self._unsaved_ms = 0
        for totals, file in self._kept:
            try:
                file.save(totals.dump())
            except Exception as error:
                self._logs[-1].note("energy not saved: %r" % error)

    def _write(self, log):
        try:
            log.write()
        except Exception as error:
            sys.print_exception(error)
            self._logs[-1].note("not written: %r" % error)
