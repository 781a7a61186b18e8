"""Whole stories over HTTP, as people live them: the same code is a test, and the demonstration of `make demo`."""
