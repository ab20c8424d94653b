"""Planted faults: what the checks notice of an error.

::

    python -m claimcheck.faults [LIST]

plants each fault of a list (faults.toml, if none is named) in a copy of the files, runs the pages and the tests that
check its file, prints what noticed it, and writes a file from which a site's ledger takes its counts. A result in that
file is kept if nothing that it depends on has changed: delete the file to measure all. The exit status is 1 if a fault
survived, 2 if they could not be measured. All paths are relative to the folder in which the command runs.

The list, in TOML, says what is a homework's own:

`package`, `claims`
    the package of the solutions, and the list of claims
`copied`
    the files and folders that the pages and the tests need
`slips`
    a file of slips (`claimcheck.grading`), each of which is planted too
`results`
    the file to write, beside the pages; faults.json if it is not said
`[pages]`, `[tests]`
    for each module of the package the pages that check it; for each file the test that does; without any
    [tests], no test need notice a fault
`[groups]`
    for each folder, in words, what the files in it are, if they are no solutions
`libraries`, `pytest`, `[environment]`
    what tests import late, options for pytest, and variables to set for tests; all may be left out

Each `[[fault]]` has a `name`, the `module` of the package or the `file` it is planted in, and the text `before` and
`after`, of which `before` stands there just once; `before_too` and `after_too` change a second place. `test` names
another test than the file's. Where no page, or no test, can notice it, `no_page` or `no_test` says why.
"""
