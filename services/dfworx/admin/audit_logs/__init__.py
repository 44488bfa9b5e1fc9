"""The audit log: who changed what, as triggers wrote it down."""
