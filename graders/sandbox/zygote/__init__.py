"""Forks a sealed kernel for each notebook. Runs in the students' interpreter, on the standard library."""
