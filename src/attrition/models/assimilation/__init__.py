"""All dated claims and counts on one total, in one posterior.

Every figure and every count is a term in the density of one path of the rate, of the shares of its
parts and of the errors of the sources.
"""
