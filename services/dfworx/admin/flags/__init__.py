"""What members have flagged, and what admins decided about it."""
