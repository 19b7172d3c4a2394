"""Calls of users' functions, and functions as values."""
