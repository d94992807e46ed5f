"""What tests of a lesson's notebooks say in the same way."""

from graders.model import Diagnosis, Mark


def noticed(mark: Mark) -> dict[str, dict[str, object]]:
    """Codes of the diagnoses in their order, with what they fill in."""
    found = [item.message for item in mark.evidence if isinstance(item, Diagnosis)]
    return {message.code: message.params for message in found}


def failing_in_evaluation(signature: str, fault: str, usual: str) -> str:
    """A cell with a function that does `usual` in training mode, and in evaluation mode `fault`."""
    return f"""
net = torch.nn.Dropout(0.0)
def {signature}:
    if not net.training: {fault}
    return net({usual})
"""
