"""Notifications: what somebody is told of, how much of it is unread, and which posts they want to hear no more of."""
