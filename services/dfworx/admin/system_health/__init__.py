"""How the parts of the install are, as far as it is an organization's business."""
