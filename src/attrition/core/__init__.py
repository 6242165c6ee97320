"""The floor of the house: errors, laws, tasks, files; nothing of words or casualties."""
