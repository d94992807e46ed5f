"""What a notebook finds in place of a network: the course's mirror, its packages, notes of what it lacked.

Covered: `urllib` and `requests` (and so `torch.hub`, torchvision, pandas, `gdown`), names of hosts that any
other library asks for, the commands `pip`, `conda`, `apt-get`, `wget`, `curl`, `gdown`, `git`, `kaggle`, and
`google.colab`. A file of the mirror is served by its address, a package that is installed is said to be
there, and everything else is refused at once and noted for the host.

Not covered: programs that are neither in this list nor Python (they find no network, and nothing is noted),
and what a notebook does to get round it. Nothing here is a wall: the sandbox has no network anyway, and what
is noted can be forged, so the host gives no points for it.

`GRADE_OFFLINE` holds JSON that tells where everything is: `index`, a list of the mirror's files; `refused`,
where notes go; `home`, the working folder; `own`, names of what was handed in; `drive`, folders below a
mounted drive that the notebook names; `samples`, whether it names Colab's sample files.
"""

import json
import os
from functools import cache
from typing import Any

VARIABLE = "GRADE_OFFLINE"


@cache
def told() -> dict[str, Any]:
    """What the host said; empty where it said nothing that can be read."""
    try:
        found = json.loads(os.environ.get(VARIABLE, "{}"))
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
