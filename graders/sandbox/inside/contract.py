"""How a probe says that a notebook breaks the assignment's contract."""


class ProbeError(Exception):
    """A step of the probe ends here, by the notebook's fault."""

    in_evaluation = False
    """Whether the probe, and not the notebook, had put its networks into evaluation mode."""


class ContractError(ProbeError):
    """The notebook does not do what the assignment asks for.

    The code is one of the host's catalogues and begins with `contract.`; the parameters fill its sentence.
    """

    def __init__(self, code: str, **params: str | float) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


class NotebookError(ProbeError):
    """A function of the notebook raised; the exception itself is the cause. `name` is the function's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
