"""`google.colab.userdata`: there are no secrets here."""

import importlib

_colab = importlib.import_module("inside.offline.colab")
get = _colab.secret
SecretNotFoundError = _colab.SecretNotFoundError
NotebookAccessError = _colab.NotebookAccessError
TimeoutException = type("TimeoutException", (Exception,), {"__doc__": "Never raised here."})
