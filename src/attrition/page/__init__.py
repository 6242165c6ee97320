"""One self-contained HTML page: what a newsroom or a reviewer opens, keeps and prints."""

from attrition.page.grid import grid_of
from attrition.page.telling import Told, told
from attrition.page.whole import page_html, write_page

__all__ = ["Told", "grid_of", "page_html", "told", "write_page"]
