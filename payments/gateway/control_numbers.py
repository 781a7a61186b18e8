"""Control numbers: twelve digits, the first five being those of the service provider's code."""

import re

# Twelve in every sample seen; thirteen is allowed on the way in because nothing public forbids it.
_SHAPE = re.compile(r"[0-9]{12,13}\Z")


def is_control_number(text: str) -> bool:
    return _SHAPE.match(text) is not None


def normalise_control_number(text: str) -> str:
    """What a person typed or pasted, without the spaces and hyphens between the groups."""
    return re.sub(r"[\s-]", "", text)


def group_in_fours(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
