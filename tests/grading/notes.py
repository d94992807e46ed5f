"""What a mark says beside its points."""

from graders.model import Diagnosis, Mark


def noticed(mark: Mark) -> dict[str, dict[str, object]]:
    """Codes of the diagnoses in their order, with what they fill in."""
    found = [item.message for item in mark.evidence if isinstance(item, Diagnosis)]
    return {message.code: message.params for message in found}
