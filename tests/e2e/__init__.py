"""The portal in a real browser: what people with eyes, keys, screen readers and small phones meet."""
