"""From an article to a dossier: every figure beside its words, and what is still to be decided."""

from attrition.data.articles.clipping import Clipping, Doubt, read_article
from attrition.data.articles.days import days_of

__all__ = ["Clipping", "Doubt", "days_of", "read_article"]
