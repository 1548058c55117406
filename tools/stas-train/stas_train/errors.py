"""The one exception that a user is meant to see."""


class UserError(Exception):
    """An error of input: printed as `error: ...`, exit status 1, no traceback.

    The message names the file, the key, what was required, what was found, and what to do.
    """

    def __init__(self, where, required, found, todo):
        self.where, self.required, self.found, self.todo = where, required, found, todo
        super().__init__("%s: required %s, found %s; %s" % (where, required, found, todo))
