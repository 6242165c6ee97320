"""From the fitted pace of a recorded count to its law, its totals and its paths.

How volatile its futures are is simulated; one direction of each, and the noise of its days, is
integrated.
"""
