"""`google.colab.patches`: pictures of OpenCV."""

import importlib

cv2_imshow = importlib.import_module("inside.offline.colab").cv2_imshow
