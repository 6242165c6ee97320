"""Is the posterior right, and is it fast?"""
