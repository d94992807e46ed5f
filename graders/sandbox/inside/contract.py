"""How a probe says that a notebook breaks the assignment's contract."""


class ContractError(Exception):
    """The notebook does not do what the assignment asks for.

    The code is one of the host's catalogues and begins with `contract.`; the parameters fill its sentence.
    `in_evaluation` says that the probe, and not the notebook, had put its networks into evaluation mode.
    """

    def __init__(self, code: str, **params: str | float) -> None:
        self.code = code
        self.params = params
        self.in_evaluation = False
        super().__init__(code)


class NotebookError(Exception):
    """A function of the notebook raised; the exception itself is the cause. `name` is the function's.

    `in_evaluation` as for `ContractError`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.in_evaluation = False
