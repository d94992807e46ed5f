"""`google.colab.files`: what was handed in."""

import importlib

_colab = importlib.import_module("inside.offline.colab")
upload = _colab.upload
upload_file = _colab.upload_file
download = _colab.download
view = _colab.view
