"""How totals move and how reports err."""
