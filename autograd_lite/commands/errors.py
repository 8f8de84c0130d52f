"""The one error that a job of the command line raises for what its user handed in."""


class InputError(Exception):
    """Input that cannot be used; the message is the one line that its user is shown.

    >>> str(InputError("samples.csv, row 3, column 2: 'abc' is not a number"))
    "samples.csv, row 3, column 2: 'abc' is not a number"
    """
