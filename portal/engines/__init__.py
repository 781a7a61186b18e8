"""PostgreSQL and Redis for a machine that has neither: started and stopped by the portal itself.

Nothing here imports Django, so that settings may ask for the addresses and a bare `python -m portal.engines`
works without them.
"""

from portal.engines.addresses import Engines, urls

__all__ = ["Engines", "urls"]
