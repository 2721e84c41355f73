"""Every planted fault, one a line, by the rule of RULES.md that it would break.

A fault replaces `before`, which must occur exactly once in `file` (of firmware/headroom), with
`after`. `tests` are what must catch it: files of host_tests/unit (or "link/test_soak": of another
folder), or one test of a file that takes long. A fault that none of them catches is a hole in the
tests: it is the tests that are mended.
"""

from lab.mutants import rules_1_to_4, rules_5_to_9

TABLE = rules_1_to_4.ROWS + rules_5_to_9.ROWS
