"""The trash: what was deleted, until it is restored or thirty days have gone by."""
