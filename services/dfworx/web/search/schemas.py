"""What a search gives: posts, as lists show them."""

from __future__ import annotations

from dfworx.shared.pages import Page
from dfworx.web.items import PostItem

SearchPage = Page[PostItem]
