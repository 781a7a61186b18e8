"""Views parse, fetch by the same helpers as the pages, call the same actions and serialise."""
