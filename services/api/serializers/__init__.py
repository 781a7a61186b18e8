"""The shapes that the API takes and gives; drf-spectacular writes the schema from them."""
