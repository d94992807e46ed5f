import sys
from pathlib import Path

# Notebooks import the reference from its own folder, and so do these tests.
sys.path.insert(0, str(Path(__file__).parents[2] / "reference"))
