"""Every planted fault, one a line, by the rule of RULES.md that it would break.

A fault replaces `before`, which must occur exactly once in `file` (of firmware/headroom), with
`after`. `tests` are what must catch it: files of host_tests/unit, or one test of a file that takes
long. A fault that none of them catches is a hole in the tests: it is the tests that are mended.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One fault; `name` says in words what the firmware then does."""

    rule: int
    name: str
    file: str
    before: str
    after: str
    tests: str


TABLE = (
    # 1: the sum of what is allowed is at most what is there
    Mutant(1, "the derate setting ignored", "app/building.py", 'values["derate_pct"],', "100,", "test_building"),
    Mutant(1, "the derate of the charger's circuit ignored", "app/building.py", 'get("circuit_a") * 800', 'get("circuit_a") * 1000', "test_building"),
    Mutant(1, "groups not handed to the controller", "app/building.py", "panel.groups_ma(values),\n        records", "(),\n        records", "test_building"),
    Mutant(1, "nothing kept in its group for a charger that is not driven", "app/undriven.py", "max(1, values[name] - circuit_a)", "values[name]", "test_app_whole"),
    Mutant(1, "the order of a charger's phases lost", "settings/panel.py", 'text.split("L")[1:]', 'sorted(text.split("L")[1:])', "test_settings_panel"),
    Mutant(1, "a limit rounded up to the register's step", "charging/words.py", 'return ma // item["ma_per_count"]', 'return -(-ma // item["ma_per_count"])', "test_charger::test_an_offer_is_these_bytes"),
    Mutant(1, "a broadcast limit in the neighbour's slot", "charging/broadcast.py", 'charger.address - slots["first_address"]', 'slots["count"] - 1 - charger.address + slots["first_address"]', "test_charging_profiles::test_smartevse_nodes_share_one_broadcast"),
    Mutant(1, "what a lost charger may hold forgotten", "charging/limit.py", "max(self.ceiling_ma, self._stuck_ma, failsafe_ma)", "failsafe_ma", "test_charger_ceiling::test_a_raise_that_was_taken_unacknowledged_is_kept_when_its_cable_is_cut"),
    Mutant(1, "a raise on its way counted only once acknowledged", "charging/limit.py", "if ma > self.ceiling_ma and (", "if False and (", "test_charger_ceiling"),
    Mutant(1, "one that comes back believed to hold what it was told", "charging/limit.py", "self.ceiling_ma = max(self.ceiling_ma, self._most_ma)", "pass", "test_charger_ceiling::test_one_that_comes_back_may_hold_anything_until_it_is_told"),
    Mutant(1, "a register that shows more than was told not believed", "charging/limit.py", "self._stuck_ma = self._state.held_ma if higher else 0", "self._stuck_ma = 0", "test_charger_ceiling::test_one_that_acknowledges_and_does_not_obey_may_hold_what_it_shows"),
    Mutant(1, "an acknowledgement of another value taken", "charging/rtu.py", "if reply[1:] != pdu[:5]:", "if False:", "test_rtu::test_a_write_that_echoes_something_else_is_not_done"),
    Mutant(1, "legs swapped", "metering/meter.py", "list(range(legs)) + [", "list(range(legs))[::-1] + [", "test_metering_three_phase"),
    Mutant(1, "the gain of a calibration upside down", "metering/calibration.py", "old_gain_ppm * reference_ma // shown_ma", "old_gain_ppm * shown_ma // reference_ma", "test_metering::test_one_clamp_reading_sets_the_gain"),
    Mutant(1, "the burden of a CT ignored", "metering/ct_types.py", "return ratio * 1_000_000 // burden_mohm", "return ratio * 1_000_000 // 22_000", "test_metering::test_a_ct_type_gives_a_calibrated_reading"),
    Mutant(1, "the mean not taken off before the root", "metering/kernel.py", " - (bias_q7 * bias_q7 >> 7)", "", "test_metering::test_the_kernels_root_is_that_of_the_variance_less_the_noise"),
    # 2: 0, or between the charger's minimum and maximum, the smallest of all its limits
    Mutant(2, "the family's minimum ignored", "app/building.py", 'max(family.min_ma, get("min_a") * 1000)', 'get("min_a") * 1000', "test_building"),
    Mutant(2, "0 A sent to a charger that takes that for no limit", "charging/limit.py", "return PAUSE if self._profile.pause and not self.quantised(ma) else LIMIT", "return LIMIT", "test_charger_set_up::test_a_mennekes_never_gets_0_a_whatever_is_lost"),
    Mutant(2, "what the cable carries not taken from its register", "charging/answers.py", "self._cap_ma = ma if ma < words.ABSURD_MA else -1", "self._cap_ma = -1", "test_charger::test_what_the_cable_carries_is_the_most_that_it_may_have"),
    Mutant(2, "a refused raise offered again and again", "charging/answers.py", "self._refused_ma = ma\n", "pass\n", "test_charger::test_one_that_refuses_more_than_it_can_is_given_what_it_can"),
    Mutant(2, "hundredths of an ampere sent to a charger that counts whole ones", "charging/limit.py", "self._item = self._profile.limit\n", "pass\n", "test_charger::test_an_evse_that_came_back_with_coarse_steps_is_not_told_hundredfold"),
    # 3: a stale or unhealthy measurement never raises; the third window ends in fallback
    Mutant(3, "stale accepted", "metering/health.py", "return self.blind_ms > records.STALE_MS", "return False", "test_app::test_samples_that_end_are_as_good_as_three_windows test_metering::test_stale_after_three_windows_without_a_good_one"),
    Mutant(3, "a window that is not good ends the blindness", "app/control.py", "if reading.good:", "if True:", "test_app"),
    Mutant(3, "samples that end are waited for", "app/control.py", "self._health.wait(time.ticks_diff(now_ms, self._waited_ms))", "pass", "test_app"),
    Mutant(3, "a single cycle decides while stale", "app/control.py", "if not self._health.stale():  #", "if True:  #", "test_app"),
    Mutant(3, "clipped taken as good", "metering/channel.py", "faults |= records.CLIPPED", "pass", "test_metering::test_each_fault_is_named_and_the_window_is_not_good"),
    Mutant(3, "an unplugged CT taken for an idle house", "metering/channel.py", "faults |= records.NO_SIGNAL", "pass", "test_metering_presence::test_noise_alone_is_no_idle_house"),
    Mutant(3, "a drifted bias taken as good", "metering/channel.py", "faults |= records.BIAS", "pass", "test_metering::test_each_fault_is_named_and_the_window_is_not_good"),
    Mutant(3, "noise without a mains frequency taken as good", "metering/frequency.py", "return records.NOISE", "return 0", "test_metering::test_each_fault_is_named_and_the_window_is_not_good"),
    Mutant(3, "a window with a gap taken as good", "metering/meter.py", "good = not self._gap", "good = True", "test_metering::test_a_gap_begins_a_new_window_and_is_counted test_metering_stalls"),
    Mutant(3, "machine code that computes wrongly taken as good", "metering/meter.py", "faults |= self._wrong", "pass", "test_metering::test_machine_code_that_computes_wrongly_is_a_fault"),
    Mutant(3, "a CT below the EV branch that it feeds not doubted", "metering/comparison.py", "reading.doubtful = True", "pass", "test_metering_comparison"),
    Mutant(3, "keep-alive while blind", "charging/bus.py", "if told and (self.silent or not self._allocations[i].fresh):", "if told and self.silent:", "test_bus::test_when_blind_the_fallback_goes_out_once_and_then_not_one_byte_more"),
    Mutant(3, "one without a watchdog not looked at while blind", "charging/bus.py", "if self.silent or charger.profile.failsafe:", "if True:", "test_bus::test_one_without_a_watchdog_that_restarts_while_blind_is_told_its_fallback_again"),
    Mutant(3, "old readings given to chargers that poll us", "answering/slave.py", "if not self._source.fresh():", "if False:", "test_answering"),
    Mutant(3, "CRC of a reply ignored", "charging/receiver.py", "return crc16(self._view[at:end]) == self._buffer[end] | self._buffer[end + 1] << 8", "return True", "test_rtu::test_no_flipped_bit_passes"),
    Mutant(3, "wrong address accepted", "charging/receiver.py", "if buffer[self._at] == unit:", "if True:", "test_rtu::test_a_read_without_a_good_reply_is_one_error"),
    Mutant(3, "bytes from before the request taken for its reply", "charging/receiver.py", "if line.read_into(self._buffer):", "if False:", "test_rtu::test_what_lay_on_the_line_before_the_request_is_no_reply"),
    Mutant(3, "late reply accepted", "charging/exchanges.py", "return any(owed[:shown] == request[:shown] for owed in self._owed)", "return False", "test_exchanges::test_always_late_two_blocks_of_one_length_are_not_taken_for_each_other"),
    Mutant(3, "late acknowledgement of the same limit accepted", "charging/exchanges.py", "elif not self._alike(request):", "elif False:", "test_exchanges::test_a_late_acknowledgement_is_not_taken_for_that_of_the_same_limit_sent_anew"),
    Mutant(3, "impossible currents of a charger believed", "charging/answers.py", "if not 0 <= ma < words.ABSURD_MA:", "if False:", "test_charging_profiles::test_an_option_is_the_other_reading_of_the_facts"),
    Mutant(3, "the last report of one that answers no more kept", "charging/answers.py", "self._state.reported_ma[phase] = -1", "pass", "test_bus::test_three_failures_take_a_charger_offline_by_name"),
    # 4: down at once, up slowly and into proven room
    Mutant(4, "a reduction waits for its turn", "charging/bus.py", "i = self._most_urgent(now_ms)", "i = -1", "test_bus::test_a_reduction_goes_ahead_of_everything"),
    Mutant(4, "a reduction that was not acknowledged is not sent again", "charging/charger.py", "self.limit.sending(what, ma)", "self.limit.done(what, ma, time.ticks_ms())", "test_bus::test_a_reduction_that_was_not_acknowledged_is_sent_until_it_is"),
    Mutant(4, "a cycle above the breaker's rating waits for its window", "app/control.py", "if self._controller.surge(self._meter.cycle, self._elapsed_ms(now_ms)):", "if False:", "test_app"),
    Mutant(4, "raises as often as one likes to a charger that takes few", "charging/limit.py", "< self._profile.raise_ms:", "< 0:", "test_charging_profiles::test_a_mennekes_is_raised_every_5_s_at_most_and_lowered_at_once"),
    Mutant(4, "what somebody else wrote to a charger left until the next refresh", "charging/limit.py", "if higher or (held_ma != told_ma", "if False and (held_ma != told_ma", "test_charger::test_a_current_that_somebody_else_wrote_is_written_over"),
    # 5: no mode, setting or override raises above rule 1
    Mutant(5, "fallbacks that add up to more than the panel's limit taken", "settings/panel.py", 'if values["legs"] and sum(fallbacks_a.values()) > limit_a:', "if False:", "test_settings::test_a_combination_that_cant_be"),
    Mutant(5, "fallbacks that add up to more than their group's breaker taken", "settings/panel.py", "if group and fallback_a > allowed_a:", "if False:", "test_settings_panel"),
    Mutant(5, "a minimum above the circuit taken", "settings/panel.py", "if minimum_a > allowed_a:", "if False:", "test_settings_panel"),
    Mutant(5, "one EV CT for chargers on different legs taken", "settings/panel.py", "if sorted(legs_of(values, get, n)) != legs:", "if False:", "test_settings_panel"),
    Mutant(5, "a fallback above the circuit taken", "settings/together.py", "if fallback_a > allowed_a:", "if False:", "test_settings::test_a_combination_that_cant_be"),
    Mutant(5, "a CT rated below the breaker taken", "metering/ct_types.py", "or rated_a >= breaker_a:", "or True:", "test_settings::test_a_combination_that_cant_be"),
    Mutant(5, "PIN always right", "console/lock.py", "if (yield from _hash(self._salt, pin)) != self._hash:", "if (yield from _hash(self._salt, pin)) == 0:", "test_lock"),
    Mutant(5, "wrong PINs cost no wait", "console/lock.py", "return min(_FIRST_WAIT_MS << min(self._tries - _FREE_TRIES, 7), _LONGEST_WAIT_MS)", "return 0", "test_lock"),
    Mutant(5, "a damaged lock opens", "console/lock.py", "return bool(self._hash) or self.damaged", "return bool(self._hash)", "test_lock"),
    Mutant(5, "what protects the panel set without the PIN", "console/commands/configuration.py", "if name and not self._open(name):", "if False:", "test_console_settings::test_what_protects_the_panel_needs_the_pin_once_there_is_one"),
    Mutant(5, "a wiring test may raise a charger", "charging/bus.py", "ma = min(self._allocations[i].allowed_ma, self.caps_ma[i])", "ma = self._allocations[i].allowed_ma if self.caps_ma[i] == NO_CAP else self.caps_ma[i]", "test_selftest_run::test_what_the_controller_allows_stays_the_limit_throughout"),
    # 6: an exception, a hang or a reset ends in fallback
    Mutant(6, "supervisor ignores overload", "supervisor.py", "if fill == _USED_UP and not self.tripped and self._helps(line):", "if False:", "test_supervisor_overload::test_a_stuck_controller_is_overruled_as_stated"),
    Mutant(6, "supervisor ignores groups", "supervisor.py", "if self._ratings_ma[line]:", "if False:", "test_supervisor_overload::test_a_group_is_overruled_by_what_its_chargers_may_hold"),
    Mutant(6, "supervisor believes what a charger was told", "supervisor.py", "ma = max(told_ma, state.held_ma)", "ma = told_ma", "test_supervisor_overload::test_a_charger_that_holds_more_than_it_was_told_counts_with_that"),
    Mutant(6, "watchdog always fed", "supervisor.py", "if not self.dead:\n            self._watchdog.feed()", "if True:\n            self._watchdog.feed()", "test_supervisor"),
    Mutant(6, "a hung task not noticed", "supervisor.py", "if quiet_ms > self.deadlines_ms[task] and not self.dead:", "if False:", "test_supervisor"),
    Mutant(6, "the third trip within an hour does not stay", "supervisor.py", "if self._trip_before_ms < _HOUR_MS:", "if False:", "test_supervisor_overload::test_three_trips_within_an_hour_stay_until_a_person_has_looked"),
    Mutant(6, "groups not handed to the supervisor", "app/building.py", "panel.groups_ma(values),\n        states", "(),\n        states", "test_building"),
    Mutant(6, "a task's exception trips nothing", "app/guard.py", "self._supervisor.trip(\"task '%s' failed: %r\" % (name, error))", "pass", "test_supervisor"),
    Mutant(6, "a trip does not reach the bus", "app/guard.py", "self._bus.failsafe = tripped", "pass", "test_supervisor_overload::test_the_cars_are_down_before_the_fastest_hot_breaker_trips"),
    Mutant(6, "silence before the reset forgotten", "app/guard.py", "self._bus.silent = self._supervisor.dead", "pass", "test_app"),
    Mutant(6, "after a trip everybody has at once what he had", "app/guard.py", "self._controller.begin_again()", "pass", "test_supervisor_overload::test_after_a_trip_the_cars_return_through_the_pace_of_a_fresh_start"),
    Mutant(6, "fallback ignored when the supervisor overrules", "charging/bus.py", "return min(ma, self.chargers[i].state.fallback_ma) if self.failsafe else ma", "return ma", "test_bus::test_an_overruled_charger_is_kept_alive_at_its_fallback_and_a_paused_one_stays_paused"),
    Mutant(6, "last words end at the first exception", "charging/bus.py", "failures.append((charger, error))", "return [(charger, error)]", "test_bus::test_an_exception_for_one_leaves_no_other_without_its_last_words"),
    Mutant(6, "no last words", "app/__init__.py", "self._guard.last_words(self._events)", "pass", "test_app_whole"),
    Mutant(6, "a dead supervisor ends in no reset", "app/__init__.py", "left_ms -= elapsed_ms", "pass", "test_app_whole"),
    Mutant(6, "trial firmware stays without its minute", "storage/trial.py", "uptime_ms >= _PROVEN_MS", "True", "test_trial::test_one_that_does_not_work_is_left_and_the_log_says_why"),
    # 7: settings are valid as a whole or refused; power may fail at any byte of a save
    Mutant(7, "settings checked one by one only", "settings/together.py", "    yield from checking_cts(values)\n", "    return\n", "test_settings::test_a_combination_that_cant_be"),
    Mutant(7, "a value outside of its range taken", "settings/table.py", "if not row.minimum <= value <= row.maximum:", "if False:", "test_settings::test_a_single_value_that_cant_be"),
    Mutant(7, "two chargers at one address taken", "settings/together.py", "if address in owners:", "if False:", "test_settings::test_a_combination_that_cant_be"),
    Mutant(7, "settings saved unchecked", "settings/store.py", "yield from together.checking(values)", "yield", "test_store::test_values_that_cant_be_are_not_written"),
    Mutant(7, "settings loaded unchecked", "settings/store.py", "together.check(values)  #", "pass  #", "test_store::test_a_whole_file_with_values_that_cant_be_is_passed_over"),
    Mutant(7, "save not atomic", "storage/pair.py", "which = 1 - self.which if self.which >= 0 else 0", "which = max(0, self.which)", "test_store"),
    Mutant(7, "CRC of a file ignored", "storage/pair.py", "if _seal(number, text).encode() != seal[:-1]:", "if False:", "test_store::test_any_damage_brings_up_the_last_good_one"),
    Mutant(7, "the older of two files comes up", "storage/pair.py", "or number > self._number:", "or number < self._number:", "test_store"),
    Mutant(7, "what was saved not read back", "storage/pair.py", "if not same:", "if False:", "test_store::test_a_save_that_cant_be_read_back_is_an_error_and_the_last_good_one_stays"),
    Mutant(7, "a refused save in force after the next start", "storage/pair.py", 'open(self._paths[which], "w").close()', "pass", "test_store::test_a_save_that_was_refused_is_not_in_force_after_the_next_start"),
    Mutant(7, "half-pasted batch taken", "console/commands/configuration.py", "if self._refusals:", "if False:", "test_console_settings::test_a_batch_of_which_a_line_was_damaged_is_not_taken_without_a_hash_either"),
    Mutant(7, "hash of a pasted batch ignored", "console/commands/configuration.py", "if words and (yield from hashing(batch)) != words[0]:", "if words and (yield from hashing(batch)) == 0:", "test_console_settings::test_a_paste_that_lost_or_changed_a_line_changes_nothing"),
    Mutant(7, "the PIN in one file only", "console/lock.py", "self._save(salt, result, 0)  # the other file too", "pass  #", "test_lock"),
    Mutant(7, "CRC of an event ignored", "storage/events.py", 'if line[:9] != b"%08x " % _crc(body):', "if False:", "test_events"),
    # 8: registers kept in flash are never written cyclically
    Mutant(8, "flash written cyclically", "charging/commission.py", "_A_DAY = const(3)", "_A_DAY = const(100_000)", "test_charger_set_up::test_one_that_loses_its_set_up_with_each_restart_is_written_a_few_times_a_day"),
    Mutant(8, "a set-up written without a look at what is there", "charging/commission.py", "held = yield held_item, None\n        while", "held = None\n        while", "test_charger_set_up::test_set_up_writes_what_differs_once_and_never_what_is_right"),
    Mutant(8, "a register that does not keep its value written again and again", "charging/commission.py", "if register in self._once:", "if False:", "test_charger_set_up::test_a_charger_that_clamps_what_it_keeps_in_flash_is_written_once_and_named"),
    Mutant(8, "one that can't be read written at every start", "charging/commission.py", "self._once.add(register)\n                    self._mute", "self._mute", "test_charger_set_up::test_a_register_that_cant_be_read_is_written_once_however_often_it_starts"),
    Mutant(8, "the count of a day's writes forgotten at every look", "charging/commission.py", ">= DAY_MS:", ">= 0:", "test_charger_set_up::test_one_that_loses_its_set_up_with_each_restart_is_written_a_few_times_a_day"),
    Mutant(8, "a watchdog kept in flash taken for one in memory", "charging/profiles/heidelberg.py", '{"register": 257, "value": 15000, "flash": True}', '{"register": 257, "value": 15000}', "test_charger_set_up::test_one_that_loses_its_set_up_with_each_restart_is_written_a_few_times_a_day"),
)  # fmt: skip
