"""What may come in: recognised by content, rebuilt where possible, refused with a sentence where not."""
