"""Redis as a cache that may be away: a cache that is down is a cache that misses, never an error page."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class _OneClient(RedisCacheClient):
    """Django's own makes a client anew for each call, which costs more than the call does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._only: Redis | None = None

    def get_client(self, key: str | None = None, *, write: bool = False) -> Redis:
        if self._only is None:
            self._only = super().get_client(key, write=write)
        return self._only


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            logger.warning("cache_unavailable")
            return default

    def set(self, key: str, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError:
            logger.warning("cache_unavailable")

    def add_one(self, key: str, timeout: int) -> int:
        """Count up from nothing; the count ends after `timeout` seconds. Zero when Redis is away."""
        try:
            super().add(key, 0, timeout)
            return super().incr(key)
        except (RedisError, ValueError):
            logger.warning("cache_unavailable")
            return 0
