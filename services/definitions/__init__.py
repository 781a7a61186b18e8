"""What a service is: its form, documents, fee, stages and output, as data in YAML.

Pure Python: no database and no request. `loader` reads the files, `schema` says what they may hold, and
`answers`, `conditions`, `documents`, `fees`, `display` and `lint` work on them. See docs/definitions.md.
"""
