"""One self-contained HTML page: what a newsroom or a reviewer opens, keeps and prints."""

from attrition.page.content import PageContent, page_content
from attrition.page.grid import grid_of
from attrition.page.whole import page_html, write_page

__all__ = ["PageContent", "grid_of", "page_content", "page_html", "write_page"]
