"""`lab soak`: days of the whole firmware in virtual time, with everything that may happen to it.

    hour.py      what happens in an hour: troubles, cars, a person
    home.py      what the house draws
    liars.py     chargers that lie
    meter.py     the meter, its chargers and the world that they are in
    day.py       lets it happen, and looks at everything after each hour
    person.py    who sits at the console
    judge.py     the rules, by what truly flows and by the bytes on the line
    ledger.py    what the meter has acknowledged, and must still have
    on_flash.py  its files, read without it, and how soon its flash is worn

Each day is a new meter. All of it hangs on the seed, the day and the hour: a day can be repeated.
"""
