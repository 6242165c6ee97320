"""Races: our forecasts beside other people's of the same targets, knowing the same."""
