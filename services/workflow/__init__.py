"""The life of an application as plain data: states, moves, outcomes. No database, no framework."""
