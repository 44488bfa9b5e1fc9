"""Pins: the few posts that moderators keep before everybody's eyes."""
