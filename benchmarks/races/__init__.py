"""Races: our forecasts beside those that other people made of the same targets, knowing the same."""
