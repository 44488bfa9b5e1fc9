"""The door for Convex's functions: in the name of the person who acts, and by no other right."""
