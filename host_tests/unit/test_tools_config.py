"""`meter config`: what the user is told of what a file does not hold."""

import pytest

from meter import config
from meter.errors import MeterError, UsageError
from meter.link import Refused

REMARK = "# the profile 'custom' is not in these lines: 'profile' gives the lines that make it"
DUMP = f"begin\ndefaults\nset legs 2\nset charger1.profile custom\n{REMARK}\nend 01234567"
DUMP_LINES = [line for line in DUMP.splitlines() if line != REMARK]
FAULT = "charger1 is not driven: custom.json: there is no such file; see 'help profile'"


class Link:
    """A meter that answers and takes all, but a hash that isn't that of what it was sent."""

    asked = []  # noqa: RUF012  what the last one was

    def __init__(self, port):
        self.asked.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, line, patience_s=0):
        assert not line.startswith("#")
        self.asked.append(line)
        if line == "end 01234567" and self.asked != DUMP_LINES:
            raise Refused("the hash is another: lines were lost or changed on the way")
        return {"dump": DUMP, "version": "Headroom"}.get(line, "")

    def one(self, command, *keys):
        return {command: "01234567"}

    def restart(self, line):
        return {"settings_hash": "01234567", "faults": ["L1 clipped", FAULT]}


@pytest.fixture
def link(monkeypatch):
    monkeypatch.setattr(config, "Link", Link)


def test_pull_says_that_the_custom_profile_is_not_in_the_file(link, tmp_path, capsys):
    config.pull("port", tmp_path / "house.cfg")
    told = capsys.readouterr().out
    assert told.splitlines()[0].endswith("house.cfg: 2 settings, hash 01234567")
    assert told.splitlines()[1] == REMARK


def test_push_says_which_charger_is_not_driven(link, tmp_path, capsys):
    (tmp_path / "house.cfg").write_text(DUMP)
    config.push("port", tmp_path / "house.cfg", "")
    assert capsys.readouterr().out.splitlines()[-1] == f"port: {FAULT}"


def test_an_edited_file_is_pushed_though_the_hash_of_the_dump_still_stands_in_it(link, tmp_path):
    (tmp_path / "house.cfg").write_text(DUMP.replace("legs 2", "legs 1"))
    config.push("port", tmp_path / "house.cfg", "")
    assert Link.asked[:4] == ["begin", "defaults", "set legs 1", "set charger1.profile custom"]
    assert Link.asked[4].split()[0] == "end"


@pytest.mark.parametrize(
    "lines",
    [
        ["set legs 1", "end", "begin", "set nosuch 1"],  # two dumps: the first would be taken
        ["pin 4321"],
        ["save"],
        ["set zone A\x03"],  # Ctrl-C ends the firmware
        ['set tariff "A\rpin 4321"'],
        ["set name Zürich"],
    ],
)
def test_a_file_with_more_than_settings_is_refused_before_anything_is_sent(link, tmp_path, lines):
    Link.asked.clear()
    (tmp_path / "house.cfg").write_text("\n".join(["begin", *lines, "end"]))
    with pytest.raises(UsageError, match="nothing was sent"):
        config.push("port", tmp_path / "house.cfg", "")
    assert Link.asked == []


def test_what_editors_make_of_a_file_is_no_fault(link, tmp_path):
    (tmp_path / "house.cfg").write_bytes(
        b"\xef\xbb\xbf# my house\r\nbegin\r\nset\tlegs  1\xc2\xa0\r\nend\r\n"
    )
    config.push("port", tmp_path / "house.cfg", "")
    assert Link.asked == ["begin", "set legs 1", "end"]


def test_after_a_refusal_nothing_is_begun(link, tmp_path, monkeypatch):
    plain = Link.ask

    def ask(self, line, patience_s=0):
        plain(self, line)
        if line.startswith("set"):
            raise Refused("no")
        return ""

    monkeypatch.setattr(Link, "ask", ask)
    (tmp_path / "house.cfg").write_text("begin\nset legs 9\nset derate_pct 80\nend\n")
    with pytest.raises(Refused, match="the meter is as it was"):
        config.push("port", tmp_path / "house.cfg", "")
    assert Link.asked == ["begin", "set legs 9", "end"]


@pytest.mark.parametrize("dump", ["", "begin\nset legs 2", "set legs 2\nend 01234567"])
def test_half_a_dump_is_not_written(link, tmp_path, monkeypatch, dump):
    monkeypatch.setattr(Link, "ask", lambda self, line, patience_s=0: dump)
    with pytest.raises(MeterError, match="damaged"):
        config.pull("port", tmp_path / "house.cfg")
    assert not (tmp_path / "house.cfg").exists()
