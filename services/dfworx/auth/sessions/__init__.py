"""Sessions after they began: refresh, sign out, sign out everywhere, and the keys that verify tokens."""
