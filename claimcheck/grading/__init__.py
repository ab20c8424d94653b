"""Checking a student's own answers: which are right, where the others fail, and which slip it was.

A `Task` is a function that is asked. A student's functions are run by `Apart`, in a process of its own, or `Here`. Each
is called on many instances, and a wrong one is reported with the smallest that fails. A `Library` holds slips, each a
change of a line in code that is right: one is named only if it gives the student's numbers on every instance.
"""

from claimcheck.grading.checking import check
from claimcheck.grading.command import command
from claimcheck.grading.reports import Report, report_of
from claimcheck.grading.running import Apart, Here
from claimcheck.grading.slips import Library, Slip
from claimcheck.grading.tasks import Quantity, Task, Values

__all__ = ["Apart", "Here", "Library", "Quantity", "Report", "Slip", "Task", "Values", "check", "command", "report_of"]
