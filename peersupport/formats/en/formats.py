"""How dates and times are written in English, by name: `{{ day|date:"DAY_FORMAT" }}`, `date_format(day, "DAY_FORMAT")`.

Staff read a 24-hour clock; officers, candidates and families read both clocks.
"""

DATE_FORMAT = "F j, Y"  # November 28, 2026
SHORT_DATE_FORMAT = "N j, Y"  # Nov. 28, 2026, in a narrow cell
DAY_FORMAT = "l, F j"  # Saturday, November 28
MONTH_DAY_FORMAT = "F j"  # November 28
TIME_FORMAT = "H:i"  # 21:00
DATETIME_FORMAT = "F j, Y, H:i"  # November 28, 2026, 21:00
DAY_TIME_FORMAT = "l, F j, H:i"  # Saturday, November 28, 21:00
LONG_TIME_FORMAT = "l, F j, Y, H:i T"  # Saturday, November 28, 2026, 21:00 CST
PUBLIC_LONG_TIME_FORMAT = "l, F j, Y, g:i a (Hi) T"  # Saturday, November 28, 2026, 9:00 p.m. (2100) CST
